package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.fobstation.residue.Findings;
import org.fobstation.residue.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Provisions fobs in a process of its own, started with the shipped flags, and looks through all of its memory for every
 * key that was used: issued, rotated, of each session. Any 8 bytes of one count. Key server and fobs are in this process.
 * {@code -Dresidue.fobs=N} for another number than 200.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux shows the memory of a process as a file")
class ResidueIT {

    private static final int FOBS = Integer.getInteger("residue.fobs", 200);

    /** Where the last fob is held up for a look. Its own keys are there until the session is over. */
    private static final List<Failpoint> LOOKS = List.of(
            Failpoint.AFTER_KEY_REQUEST,
            Failpoint.AFTER_EXTERNAL_AUTHENTICATE,
            Failpoint.AFTER_PUT_KEY,
            Failpoint.RESULT_FORCED,
            Failpoint.OUTCOME_SHOWN);

    @TempDir
    Path folder;

    @Test
    void nothingIsLeftOfAnyKey() throws Exception {
        SoftAssertions soft = new SoftAssertions();
        try (ResidueSite site = new ResidueSite(folder)) {
            for (int fob = 1; fob < FOBS; fob++) {
                site.provision();
            }
            site.awaitClean();
            soft.assertThat(site.look("after " + (FOBS - 1) + " fobs").pieces()).isEmpty();

            lookAtTheLastFob(site, soft);

            site.awaitClean();
            Findings end = site.look("after all " + FOBS + " fobs");
            soft.assertThat(end.pieces()).isEmpty();
            soft.assertThat(end.unread()).as("regions that could not be read").isEmpty();
            soft.assertThat(site.keys()).as("12 keys a fob").hasSize(12 * FOBS);

            Findings planted = site.lookForPlantedKey();
            for (Form form : Form.values()) {
                soft.assertThat(planted.copies(form)).as("planted as " + form).isPositive();
            }
            System.out.println(site.report());
        }
        soft.assertAll();
    }

    private static void lookAtTheLastFob(ResidueSite site, SoftAssertions soft) throws Exception {
        site.holdUpAt(LOOKS.get(0));
        site.present();
        for (int i = 0; i < LOOKS.size(); i++) {
            site.awaitHeldUp(LOOKS.get(i));
            Findings found = site.look("at " + LOOKS.get(i));
            soft.assertThat(found.of(key -> key.fob() < FOBS).pieces())
                    .as("of earlier fobs, at " + LOOKS.get(i))
                    .isEmpty();
            if (LOOKS.get(i) == Failpoint.AFTER_KEY_REQUEST) {
                assertThat(found.copies(Form.RAW)).as("issued keys, in use").isGreaterThanOrEqualTo(3);
            }
            if (i + 1 < LOOKS.size()) {
                site.holdUpAt(LOOKS.get(i + 1));
            }
            site.goOn();
        }
        site.leave();
    }
}
