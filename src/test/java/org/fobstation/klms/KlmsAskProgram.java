package org.fobstation.klms;

import java.nio.file.Path;
import org.fobstation.station.StationSettings;

/** Asks the key server once with each configuration named, and prints a line for each: what it gave or why not. */
final class KlmsAskProgram {

    private KlmsAskProgram() {}

    public static void main(String[] configurations) throws Exception {
        for (String file : configurations) {
            Path path = Path.of(file);
            StationSettings settings = StationSettings.load(path, System.getenv(), path.getParent());
            System.out.println("ANSWER " + path.getFileName() + " " + ask(settings.klms()));
        }
        System.exit(0);
    }

    private static String ask(KlmsSettings settings) throws Exception {
        try (KlmsRig rig = KlmsRig.start(settings)) {
            KlmsAnswer answer = rig.ask();
            if (answer instanceof KeyPackage granted) {
                granted.close();
                return "GRANTED to "
                        + rig.connection().stationCertificate().getPublicKey().getAlgorithm();
            }
            return answer.toString();
        } catch (KlmsSetupException e) {
            return e.getMessage();
        }
    }
}
