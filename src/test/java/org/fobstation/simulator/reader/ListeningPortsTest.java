package org.fobstation.simulator.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/net")
class ListeningPortsTest {

    @Test
    void listsAPortWhileSomebodyListens() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0)) {
            port = server.getLocalPort();
            assertThat(ListeningPorts.now()).contains(port);
        }
        assertThat(ListeningPorts.now()).doesNotContain(port);
    }
}
