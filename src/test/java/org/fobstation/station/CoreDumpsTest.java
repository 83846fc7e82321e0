package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "prctl is Linux's")
class CoreDumpsTest {

    @AfterEach
    void allowThemAgain() {
        CoreDumps.set(true);
    }

    @Test
    void areForbidden() {
        CoreDumps.set(true);
        assertThat(CoreDumps.areAllowed()).isTrue();
        CoreDumps.forbid();
        assertThat(CoreDumps.areAllowed()).isFalse();
    }
}
