package dev.cadflow.worker;

import dev.cadflow.worker.codec.AesGcmPayloadCodec;
import dev.cadflow.worker.codec.CodecKeys;
import dev.cadflow.worker.http.ListenAddress;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.CodecDataConverter;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.GlobalDataConverter;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether payloads are encrypted, and the endpoint by which the Temporal Web UI and CLI read them.
 *
 * @param keys {@code CADFLOW_CODEC_KEYS}; null: payloads are not encrypted
 * @param listen {@code CADFLOW_CODEC_LISTEN}; null: there is no endpoint
 * @param token {@code CADFLOW_CODEC_TOKEN}, the bearer token that the endpoint asks for; null where there is none
 * @param origins {@code CADFLOW_CODEC_ORIGINS}: whose pages a browser lets use the endpoint
 */
public record CodecSettings(
        @Nullable CodecKeys keys,
        @Nullable ListenAddress listen,
        @Nullable Secret token,
        Set<String> origins) {

    private static final int SHORTEST_TOKEN = 16;

    /** Copies the origins. */
    public CodecSettings {
        origins = Set.copyOf(origins);
    }

    /**
     * Reads these settings alone, as a worker reads them: for who only starts and follows workflows.
     *
     * @param environment as {@code System.getenv()}; {@code CADFLOW_CONFIG} in it names a file of more
     * @throws InvalidConfigException with every problem at once; an unknown setting is one, since a misspelt
     *     {@code CADFLOW_CODEC_KEYS} would send prompts in the clear
     */
    public static CodecSettings from(Map<String, String> environment) {
        SettingsSource source = SettingsSource.load(environment);
        CodecSettings settings = read(new SettingsReader(source));
        if (!source.problems().isEmpty()) {
            throw new InvalidConfigException(source.problems());
        }
        return settings;
    }

    /**
     * A client over the same connection whose payloads are encrypted, where that is asked for and not done yet. Where it is
     * not asked for, payloads that others encrypted are refused with the id of their key: Temporal's own converter would
     * take them for broken ones, by which workflows fail and signals are dropped.
     */
    public WorkflowClient encrypting(WorkflowClient client) {
        DataConverter converter = client.getOptions().getDataConverter();
        boolean own = keys == null && converter != GlobalDataConverter.get();
        if (own || converter instanceof CodecDataConverter) {
            return client;
        }
        CodecKeys known = keys == null ? CodecKeys.NONE : keys;
        return WorkflowClient.newInstance(
                client.getWorkflowServiceStubs(),
                AesGcmPayloadCodec.encrypting(WorkflowClientOptions.newBuilder(client.getOptions()), known)
                        .build());
    }

    static CodecSettings read(SettingsReader reader) {
        @Nullable CodecKeys keys = reader.readSecret(Setting.CADFLOW_CODEC_KEYS, CodecKeys::parse);
        @Nullable ListenAddress listen = reader.read(Setting.CADFLOW_CODEC_LISTEN, ListenAddress::parse);
        @Nullable Secret token = reader.secret(Setting.CADFLOW_CODEC_TOKEN);
        @Nullable Set<String> origins = reader.read(Setting.CADFLOW_CODEC_ORIGINS, SettingsReader::origins);
        if (token != null && token.reveal().length() < SHORTEST_TOKEN) {
            reader.problem(
                    Setting.CADFLOW_CODEC_TOKEN,
                    "expected at least " + SHORTEST_TOKEN + " characters, found "
                            + token.reveal().length());
        }
        if (listen != null && token == null && !reader.hasProblem(Setting.CADFLOW_CODEC_TOKEN)) {
            reader.problem(
                    Setting.CADFLOW_CODEC_TOKEN,
                    "expected the token that guards " + Setting.CADFLOW_CODEC_LISTEN + ", found none");
        }
        if (listen != null && keys == null && !reader.hasProblem(Setting.CADFLOW_CODEC_KEYS)) {
            reader.problem(
                    Setting.CADFLOW_CODEC_KEYS,
                    "expected the keys that " + Setting.CADFLOW_CODEC_LISTEN + " decrypts with, found none");
        }
        return new CodecSettings(keys, listen, token, origins == null ? Set.of() : origins);
    }
}
