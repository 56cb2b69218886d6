package dev.cadflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workers' settings for tests, and what is wrong with them. */
final class Settings {
    static final String API_KEY = "mk_pub_00112233445566778899aabbccddeeff";
    static final String CODEC_KEY = "bm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm5ubm4=";
    /** RFC 8032, section 7.1, test 1, in the wrapping of PKCS 8. */
    static final String MANIFEST_KEY = "-----BEGIN PRIVATE KEY-----\n"
            + "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----";

    /** What verifies what that key signs. */
    static final String MANIFEST_PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\n"
            + "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";

    static final String SECRET = "whsec_do_not_show";

    private Settings() {}

    static WorkerConfig with(String... namesAndValues) {
        return WorkerConfig.from(environment(namesAndValues));
    }

    static Map<String, String> environment(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(Map.of("MAKISTRY_API_KEY", API_KEY, "PATH", "/bin"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return environment;
    }

    static List<String> problemsWith(String... namesAndValues) {
        return problemsOf(environment(namesAndValues));
    }

    static List<String> problemsOf(Map<String, String> environment) {
        InvalidConfigException thrown =
                catchThrowableOfType(InvalidConfigException.class, () -> WorkerConfig.from(environment));
        assertThat(thrown).as("expected to be refused").isNotNull();
        assertThat(thrown.problems()).allSatisfy(problem -> assertThat(thrown).hasMessageContaining(problem));
        return thrown.problems();
    }
}
