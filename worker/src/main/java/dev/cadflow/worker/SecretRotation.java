package dev.cadflow.worker;

import dev.cadflow.makistry.MakistryClient;
import dev.cadflow.makistry.MakistryException;

/** Changes the secret that Makistry signs webhooks with. */
public final class SecretRotation {
    private SecretRotation() {}

    /** The secret could not be changed, or the new one is not known. */
    public static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        private FailedException(String message) {
            super(message);
        }
    }

    /**
     * Makes a new signing secret, by which Makistry signs at once. One request; it is not counted by the quota of workers
     * that run.
     *
     * @param config names the API key and where Makistry is
     * @param apiKeyId the id of that key, which is not the key
     * @return the new secret, which Makistry tells only now
     * @throws FailedException saying whether it may have been changed all the same
     */
    public static Secret rotate(WorkerConfig config, String apiKeyId) throws FailedException {
        try (MakistryClient makistry = MakistryClient.builder(config.apiKey().reveal())
                .baseUrl(config.baseUrl())
                .build()) {
            return Secret.of(makistry.rotateSigningSecret(apiKeyId).value());
        } catch (MakistryException refused) {
            boolean mayBeChanged = refused.isOutcomeUnknown()
                    || (refused.isRequestSent() && refused.type().isRetryable());
            throw new FailedException(refused.getMessage()
                    + (mayBeChanged
                            ? ". It may have been changed all the same, to a secret that nobody here knows: run this again"
                            : ". Nothing was changed"));
        } catch (IllegalArgumentException unusable) {
            throw new FailedException("Makistry changed the signing secret to one that no worker can take: "
                    + unusable.getMessage() + "; run this again");
        }
    }
}
