package org.fobstation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who may know whom. */
@AnalyzeClasses(packages = "org.fobstation", importOptions = ImportOption.DoNotIncludeTests.class)
class PackageRulesTest {

    private static final Map<String, List<String>> MAY_USE = Map.of(
            "apdu", List.of(),
            "secret", List.of(),
            "scp03", List.of("apdu", "secret"),
            "outcome", List.of("apdu"),
            "pcsc", List.of("apdu", "outcome"),
            "klms", List.of("apdu", "secret", "scp03", "outcome"),
            "audit", List.of("apdu", "outcome"),
            "provisioning", List.of("apdu", "secret", "scp03", "outcome", "pcsc", "klms", "audit"),
            "station", List.of("apdu", "secret", "scp03", "outcome", "pcsc", "klms", "audit", "provisioning"));

    @ArchTest
    static void everyPackageUsesOnlyWhatItMay(JavaClasses classes) {
        MAY_USE.forEach((name, mayUse) -> {
            List<String> allowed = new ArrayList<>(mayUse);
            allowed.add(name);
            noClasses()
                    .that()
                    .resideInAPackage("org.fobstation." + name + "..")
                    .should()
                    .dependOnClassesThat(stationClassOutside(allowed))
                    .check(classes);
        });
    }

    /** So no setting, argument or file can put failpoints into a station: they are code of tests, handed over by tests. */
    @ArchTest
    static void noStationIsMadeWithOtherSeamsThanTheRealOnes(JavaClasses classes) {
        JavaClass seams = classes.get("org.fobstation.station.StationSeams");
        assertThat(seams.getModifiers()).doesNotContain(JavaModifier.PUBLIC);
        assertThat(seams.getConstructorCallsToSelf()).isNotEmpty().allSatisfy(call -> assertThat(call.getOriginOwner())
                .isEqualTo(seams));
        assertThat(classes.stream().map(JavaClass::getSimpleName))
                .noneMatch(name -> name.contains("Failpoint") || name.contains("Killable"));
    }

    @ArchTest
    static final ArchRule every_package_is_named_in_the_rules = classes()
            .that()
            .resideOutsideOfPackage("org.fobstation.simulator..")
            .should()
            .resideInAnyPackage(MAY_USE.keySet().stream()
                    .map(name -> "org.fobstation." + name)
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule klms_knows_of_scp03_only_the_static_keys = noClasses()
            .that()
            .resideInAPackage("org.fobstation.klms")
            .should()
            .dependOnClassesThat(new DescribedPredicate<>("classes of scp03 other than StaticKeys") {
                @Override
                public boolean test(JavaClass used) {
                    return used.getPackageName().equals("org.fobstation.scp03")
                            && !used.getSimpleName().equals("StaticKeys");
                }
            });

    @ArchTest
    static final ArchRule audit_knows_of_apdu_only_the_trace = noClasses()
            .that()
            .resideInAPackage("org.fobstation.audit")
            .should()
            .dependOnClassesThat(new DescribedPredicate<>("classes of apdu other than ApduTrace") {
                @Override
                public boolean test(JavaClass used) {
                    return used.getPackageName().equals("org.fobstation.apdu")
                            && !used.getName().startsWith("org.fobstation.apdu.ApduTrace");
                }
            });

    @ArchTest
    static final ArchRule scp03_is_a_library_by_itself = noClasses()
            .that()
            .resideInAnyPackage("org.fobstation.scp03", "org.fobstation.secret", "org.fobstation.apdu")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache..", "com.fasterxml..", "java.net..", "java.nio.file..", "com.sun..");

    @ArchTest
    static final ArchRule card_keys_meet_aes_only_in_secret = noClasses()
            .that()
            .resideOutsideOfPackages("org.fobstation.secret", "org.fobstation.simulator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle..", "javax.crypto..");

    @ArchTest
    static final ArchRule no_cycles =
            slices().matching("org.fobstation.(*)..").should().beFreeOfCycles();

    private static DescribedPredicate<JavaClass> stationClassOutside(List<String> allowed) {
        return new DescribedPredicate<>("classes of the station outside " + allowed) {
            @Override
            public boolean test(JavaClass used) {
                String name = used.getPackageName();
                return name.startsWith("org.fobstation")
                        && allowed.stream()
                                .noneMatch(mayUse -> name.equals("org.fobstation." + mayUse)
                                        || name.startsWith("org.fobstation." + mayUse + "."));
            }
        };
    }
}
