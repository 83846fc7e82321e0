package org.fobstation.station;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.fobstation.audit.AuditDelivery;
import org.fobstation.klms.KeyPackage;
import org.fobstation.klms.KeyRequest;
import org.fobstation.klms.KlmsError;
import org.fobstation.klms.Payload;
import org.fobstation.pcsc.PresentedFob;
import org.fobstation.provisioning.KeyPackageIntoRun;
import org.fobstation.provisioning.Provisioning;
import org.fobstation.provisioning.ProvisioningRun;
import org.fobstation.provisioning.RunReport;
import org.fobstation.scp03.StaticKeys;
import org.fobstation.secret.SecretBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An expression in a route calls any method of a body that is not private, with what is at hand there. No way of such calls leads from
 * a body or a bean of the routes to a key or a payload.
 */
class NoWayToKeysTest {

    static final byte[] KEY = HexFormat.of().parseHex("a1b2c3d4e5f60718293a4b5c6d7e8f90");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private KeyPackage keys;

    @BeforeEach
    void issue() {
        StaticKeys issued = new StaticKeys(
                SecretBytes.takeFrom(KEY.clone()),
                SecretBytes.takeFrom(KEY.clone()),
                SecretBytes.takeFrom(KEY.clone()));
        keys = new KeyPackage(
                "trx_1", 0x30, issued, new Payload(0x80, 0xE2, 0, 0, SecretBytes.takeFrom(KEY.clone())), 0);
    }

    @AfterEach
    void close() throws Exception {
        keys.close();
        context.close();
    }

    private String evaluate(String simple) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(keys);
        Expression expression = context.resolveLanguage("simple").createExpression(simple);
        expression.init(context);
        try {
            return String.valueOf(expression.evaluate(exchange, Object.class));
        } catch (RuntimeException refused) {
            return "refused";
        }
    }

    @Test
    void anExpressionReadsWhatIsNoSecret() {
        assertThat(evaluate("${body.transactionId}")).isEqualTo("trx_1");
        assertThat(evaluate("${body.keyVersion}")).isEqualTo("48");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${body.staticKeys}",
                "${body.staticKeys.enc}",
                "${body.staticKeys.enc.get(0)}",
                "${body.staticKeys.enc.copy}",
                "${body.staticKeys().mac().get(15)}",
                "${body.staticKeys(null).dek.get(0)}",
                "${body.staticKeys('x').dek.get(0)}",
                "${body.staticKeys(${body}).dek.get(0)}",
                "${body.getStaticKeys.enc.get(0)}",
                "${body.payload}",
                "${body.payload.data.get(0)}",
                "${body.payload(null).data.copy}",
                "${body.payload(${body}).data.get(0)}"
            })
    void noExpressionReadsAKeyOrAPayload(String simple) {
        assertThat(evaluate(simple)).isIn("refused", "null", "");
    }

    @Test
    void noMethodOfABodyOrABeanLeadsToASecret() {
        Map<Class<?>, String> ways = new HashMap<>();
        Deque<Class<?>> next = new ArrayDeque<>();
        for (Class<?> begin : List.of(
                PresentedFob.class,
                ProvisioningRun.class,
                RunReport.class,
                KeyRequest.class,
                KeyPackage.class,
                KlmsError.class,
                Provisioning.class,
                KeyPackageIntoRun.class,
                AuditDelivery.class)) {
            ways.put(begin, begin.getSimpleName());
            next.add(begin);
        }
        while (!next.isEmpty()) {
            Class<?> from = next.remove();
            for (Method method : methods(from)) {
                if (canBeCalled(method)) {
                    named(method.getGenericReturnType())
                            .filter(to -> to.getName().startsWith("org.fobstation.") && !ways.containsKey(to))
                            .toList()
                            .forEach(to -> {
                                ways.put(to, ways.get(from) + "." + method.getName());
                                next.add(to);
                            });
                }
            }
        }

        assertThat(ways).hasSizeGreaterThan(12).doesNotContainKeys(SecretBytes.class, StaticKeys.class, Payload.class);
    }

    private static List<Method> methods(Class<?> type) {
        List<Method> methods = new ArrayList<>(List.of(type.getMethods()));
        for (Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
            methods.addAll(List.of(declaring.getDeclaredMethods()));
        }
        return methods;
    }

    /** Camel calls methods of a package too. */
    private static boolean canBeCalled(Method method) {
        return !Modifier.isPrivate(method.getModifiers())
                && !method.isSynthetic()
                && Arrays.stream(method.getParameterTypes()).noneMatch(KeyPackage.Custodian.class::equals);
    }

    /** The classes that a type names. */
    private static Stream<Class<?>> named(Type type) {
        List<Class<?>> classes = new ArrayList<>();
        if (type instanceof Class<?> plain) {
            classes.add(plain.isArray() ? plain.getComponentType() : plain);
        } else if (type instanceof ParameterizedType generic) {
            named(generic.getRawType()).forEach(classes::add);
            for (Type argument : generic.getActualTypeArguments()) {
                named(argument).forEach(classes::add);
            }
        } else if (type instanceof WildcardType wildcard) {
            for (Type bound : wildcard.getUpperBounds()) {
                named(bound).forEach(classes::add);
            }
        }
        return classes.stream().flatMap(NoWayToKeysTest::withSubclasses);
    }

    private static Stream<Class<?>> withSubclasses(Class<?> type) {
        return type.isSealed()
                ? Stream.concat(Stream.of(type), Set.of(type.getPermittedSubclasses()).stream())
                : Stream.of(type);
    }
}
