@echo off
rem Starts the station with the JVM flags of config\jvm.options: bin\station.cmd run
setlocal
set "home=%~dp0.."
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
"%java%" "@%home%\config\jvm.options" -jar "%home%\fob-station.jar" %*
exit /b %ERRORLEVEL%
