package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lines of the configuration give a secret away. */
class PlainSecretTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "site.mes.password",
                "site.mes.Password",
                "site.password.mes",
                "site.printer-pin",
                "site.printer.pin2",
                "site.mes.passphrase",
                "site.mesPwd",
                "site.client-secret",
                "site.mes.accessToken",
                "site.mes.api-key",
                "camel.ssl.keystorePassword",
                "camel.ssl.trust-store-password",
                "camel.component.kafka.sslKeyPassword",
                "camel.component.kafka.ssl-key-password",
                "camel.vault.aws.accessKey",
                "camel.vault.aws.secret-key",
                "camel.vault.azure.clientSecret",
                "klms.key-store-password",
                "klms.trust-store-pin"
            })
    void areToldByTheWordsOfTheirKey(String key) {
        assertThat(PlainSecret.in(key, "geheim")).contains(key + " holds a secret in plain text");
    }

    @ParameterizedTest
    @CsvSource({
        "site.mes.url, https://smith:geheim@mes.example/jobs",
        "site.mes.url, ftp://mes.example/jobs?username=smith&password=geheim",
        "site.queue, jms:queue:fobs?clientSecret=geheim&x=1",
        "klms.url, https://smith:geheim@klms.example"
    })
    void areToldWithinAnAddress(String key, String value) {
        assertThat(PlainSecret.in(key, value)).contains(key + " holds an address with a secret in plain text");
    }

    /** As drivers take it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "camel.component.kafka.sasl-jaas-config | x.PlainLoginModule required username=\"a\" password=\"geheim\";",
                "camel.component.kafka.saslJaasConfig | x.ScramLoginModule required password='geheim' username='a';",
                "site.db | jdbc:sqlserver://mes.example;user=smith;password=geheim",
                "site.db | Server=mes.example; Uid=smith; Pwd = geheim;",
                "site.keys | keyStorePassword=geheim,keyStore=x.p12",
                "site.mes.header | Bearer eyJhbGciOiJIUzI1NiJ9.e30.Zm9i",
                "site.mes.header | Authorization: basic c21pdGg6Z2VoZWlt"
            })
    void areToldWithinAText(String key, String value) {
        assertThat(PlainSecret.in(key, value)).contains(key + " has a secret in plain text within its value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.PlainLoginModule required username=\"a\" password=\"{{env:KAFKA_PASSWORD}}\";",
                "jdbc:sqlserver://mes.example;user=smith;password={{env:MES_PASSWORD}}",
                "pkcs11:object=station;token=LINE-04?module-path=/usr/lib/p11.so",
                "password-file=mes.pw;user=smith",
                "Bearer {{env:MES_TOKEN}}",
                "Basic 2-wire reader",
                "a = b, c = d"
            })
    void areNotSeenInTextsWithoutOne(String value) {
        assertThat(PlainSecret.in("site.x", value)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "site.mes.password, ''",
        "site.mes.password, {{env:MES_PASSWORD}}",
        "site.mes.password, RAW({{env:MES_PASSWORD}})",
        "camel.ssl.keystorePassword, {{hashicorp:secret}}",
        "site.mes.password-file, config/mes.pw",
        "site.mes.passwordFile, config/mes.pw",
        "site.mes.url, https://mes.example/jobs?username=smith",
        "site.mes.url, https://smith:{{env:MES_PASSWORD}}@mes.example",
        "site.mes.url, ftp://mes.example?password={{env:MES_PASSWORD}}",
        "site.token.url, https://login.example",
        "site.shipping, express",
        "site.pinned-page, 4",
        "camel.component.http.usePassword, true",
        "camel.component.x.token, #bean:tokens",
        "camel.main.name, station"
    })
    void areNotSeenWhereThereAreNone(String key, String value) {
        assertThat(PlainSecret.in(key, value)).isEmpty();
    }

    /** A reference with a standard value has the secret in it all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"{{env:MES_PASSWORD:geheim}}", "x{{env:MES_PASSWORD}}", "{{site.other}}", "#geheim"})
    void areSeenBehindWhatIsNoPureReference(String value) {
        assertThat(PlainSecret.in("site.mes.password", value)).isPresent();
    }

    /** What the remedy says works with Camel as the station sets it up. */
    @Test
    void mayComeFromTheEnvironmentByCamelsOwnFunction() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            PropertiesComponent properties = (PropertiesComponent) camel.getPropertiesComponent();
            properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
            properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
            properties.addInitialProperty("site.mes.password", "{{env:PATH}}");
            assertThat(camel.resolvePropertyPlaceholders("{{site.mes.password}}"))
                    .isEqualTo(System.getenv("PATH"));
        }
    }
}
