package org.fobstation.klms;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.fobstation.station.StationSettings;

/**
 * Asks the key server once with each configuration named, and prints a line for each: what it gave or why not. Behind
 * {@code --again} stands one that it asks with for every line that comes in, always by the same {@link KlmsConnection}.
 */
final class KlmsAskProgram {

    static final String AGAIN = "--again";
    static final String MARK = "ANSWER ";

    private KlmsAskProgram() {}

    public static void main(String[] configurations) throws Exception {
        if (configurations[0].equals(AGAIN)) {
            askAgain(settings(configurations[1]));
            return;
        }
        for (String file : configurations) {
            System.out.println(MARK + Path.of(file).getFileName() + " " + ask(settings(file)));
        }
    }

    private static KlmsSettings settings(String file) throws Exception {
        Path path = Path.of(file);
        return StationSettings.load(path, System.getenv(), path.getParent()).klms();
    }

    private static String ask(KlmsSettings settings) throws Exception {
        try (KlmsRig rig = KlmsRig.start(settings)) {
            return ask(rig);
        } catch (KlmsSetupException e) {
            return e.getMessage();
        }
    }

    private static void askAgain(KlmsSettings settings) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (KlmsRig rig = KlmsRig.start(settings)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(MARK + ask(rig));
            }
        }
    }

    private static String ask(KlmsRig rig) {
        KlmsAnswer answer = rig.ask();
        if (answer instanceof KeyPackage granted) {
            granted.close();
            return "GRANTED to "
                    + rig.connection().stationCertificate().getPublicKey().getAlgorithm();
        }
        return answer.toString();
    }
}
