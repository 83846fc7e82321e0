#!/bin/sh
# Starts the station as it should be: with the JVM flags of config/jvm.options, and without core dumps.
# bin/station.sh run
ulimit -c 0
home=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$home/config/jvm.options" -jar "$home/fob-station.jar" "$@"
