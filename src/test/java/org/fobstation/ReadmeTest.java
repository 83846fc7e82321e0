package org.fobstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fobstation.outcome.FailureCode;
import org.junit.jupiter.api.Test;

/** What the README says is so. */
class ReadmeTest {

    private static final Pattern SETTING = Pattern.compile("^([a-z][a-z0-9.-]+) *=", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)`");

    private static final Pattern DOCUMENT = Pattern.compile("`(src/[a-z/-]+[.]md)`");

    private final String readme = read("README.md");

    @Test
    void namesEverySettingOfTheShippedFile() {
        assertThat(settings()).isNotEmpty().allSatisfy(key -> assertThat(readme)
                .contains(key.startsWith("reader.1.") ? "." + key.substring("reader.1.".length()) : key));
    }

    @Test
    void namesNoFailureCodeThatDoesNotExist() {
        List<String> codes =
                Stream.of(FailureCode.values()).map(FailureCode::name).toList();
        assertThat(matches(CODE, readme))
                .filteredOn(name -> !name.startsWith("KLMS_KEY_STORE")
                        && !name.startsWith("KLMS_TRUST_STORE")
                        && !List.of("KLMS_URL", "READER_1_NAME").contains(name))
                .isNotEmpty()
                .isSubsetOf(codes);
    }

    @Test
    void namesTheRouteFilesThereAre() throws IOException {
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            assertThat(routes.map(path -> path.getFileName().toString()))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
        }
    }

    @Test
    void namesNoDocumentThatDoesNotExist() {
        assertThat(matches(DOCUMENT, readme + read("SECURITY.md")))
                .isNotEmpty()
                .allSatisfy(document -> assertThat(Path.of(document)).isRegularFile());
    }

    private static List<String> settings() {
        return matches(SETTING, read("config/station.properties"));
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .distinct()
                .toList();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
