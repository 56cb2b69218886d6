package dev.cadflow.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples in the vendor's documentation run against the sandbox with three things changed: base URL, key and how
 * long they sleep. Their webhook verifiers run as they are.
 */
final class VendorExamplesTest {

    /** The examples are for a network, which the machine may reach by way of a proxy; the sandbox is not there. */
    private static final Map<String, String> NO_PROXY = Map.of("NO_PROXY", "127.0.0.1", "no_proxy", "127.0.0.1");

    @TempDir
    Path folder;

    private SandboxServer sandbox;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        sandbox = SandboxServer.start(
                SandboxOptions.builder().noQuota().timeScale(0.005).build());
        client = new Client(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void theQuickStartForCurlSavesTheFile() throws Exception {
        String shell = Tool.require("sh", "it is part of every Unix");
        Tool.require("curl", "apt-get install curl");
        Tool.require("jq", "apt-get install jq");

        String said = run(shell, "quickstart.sh", "sleep 10", "sleep 0.1", "");

        assertThatTheFileWasSaved(said);
    }

    @Test
    void theQuickStartForPythonSavesTheFile() throws Exception {
        String python = Tool.pythonWithHttpx();

        String said = run(python, "quickstart.py", "time.sleep(10)", "time.sleep(0.1)", "");

        assertThatTheFileWasSaved(said);
    }

    @Test
    void theQuickStartForNodeSavesTheFile() throws Exception {
        String node = node();

        String said = run(node, "quickstart.mjs", "10_000", "100", "");

        assertThatTheFileWasSaved(said);
    }

    @Test
    void thePollLoopForPythonEndsWithTheJob() throws Exception {
        String python = Tool.pythonWithHttpx();
        String id = client.submitPart();

        String said = run(
                python,
                "poll_until_done.py",
                "time.sleep(interval)",
                "time.sleep(interval / 100)",
                "print(poll_until_done('" + id + "')['brainstorm']['project_name'])\n");

        assertThat(said).contains("40 x 20 x 10 mm");
    }

    @Test
    void thePaginationForPythonPrintsEachJobOnce() throws Exception {
        String python = Tool.pythonWithHttpx();
        for (int i = 0; i < 101; i++) {
            client.submitPart();
        }
        String script = "import httpx\nheaders = {'Authorization': 'Bearer " + sandbox.apiKey() + "'}\n"
                + vendors("list_jobs.py")
                        .replace(
                                "https://api.makistry.ai/v1",
                                sandbox.apiBaseUrl().toString());
        Path file = Files.writeString(folder.resolve("list_jobs.py"), script);

        String said = Tool.run(folder, NO_PROXY, List.of(python, file.toString()));

        assertThat(said.lines().filter(line -> line.startsWith("pub_")).distinct())
                .hasSize(101);
        assertThat(said.lines().filter(line -> line.startsWith("pub_"))).hasSize(101);
    }

    @Test
    void theVerifierForPythonAcceptsTheWebhookAndNoOther() throws Exception {
        String python = Tool.require("python3", "apt-get install python3 (3.9 or newer)");
        String driver = """

                import sys
                signature, timestamp, secret = sys.argv[1:]
                body = open("body", "rb").read()
                print(verify_makistry_webhook(body, signature, timestamp, secret),
                      verify_makistry_webhook(body + b" ", signature, timestamp, secret))
                """;
        Path script = Files.writeString(folder.resolve("verify.py"), vendors("verify.py") + driver);

        assertThat(verify(python, script)).isEqualTo("True False");
    }

    @Test
    void theVerifierForNodeAcceptsTheWebhookAndNoOther() throws Exception {
        String node = node();
        String driver = """

                import fs from "fs";
                const [signature, timestamp, secret] = process.argv.slice(2);
                const body = fs.readFileSync("body", "utf8");
                console.log(verifyMakistryWebhook(body, signature, timestamp, secret),
                            verifyMakistryWebhook(body + " ", signature, timestamp, secret));
                """;
        Path script = Files.writeString(folder.resolve("verify.mjs"), vendors("verify.mjs") + driver);

        assertThat(verify(node, script)).isEqualTo("true false");
    }

    private String verify(String program, Path script) throws Exception {
        try (Receiver receiver = new Receiver()) {
            ObjectNode json = Json.object().put("prompt", Client.PROMPT).put("callback_url", receiver.url());
            json.putObject("metadata").put("customer", "Müller & Söhne 🔩");
            client.submit(json.toString());
            Receiver.Webhook webhook = receiver.next();
            Files.write(folder.resolve("body"), webhook.body());

            return Tool.run(
                            folder,
                            NO_PROXY,
                            List.of(
                                    program,
                                    script.toString(),
                                    webhook.signature(),
                                    webhook.timestamp(),
                                    sandbox.signingSecret()))
                    .strip();
        }
    }

    private static String node() {
        return Tool.require("node", "apt-get install nodejs (18 or newer)");
    }

    private String run(String program, String example, String sleep, String shorterSleep, String rest)
            throws Exception {
        String text = vendors(example);
        assertThat(text)
                .contains("https://api.makistry.ai/v1")
                .contains("mk_pub_YOUR_KEY")
                .contains(sleep);
        String changed = text.replace(
                        "https://api.makistry.ai/v1", sandbox.apiBaseUrl().toString())
                .replace("mk_pub_YOUR_KEY", sandbox.apiKey())
                .replace(sleep, shorterSleep);
        Path script = Files.writeString(folder.resolve(example), changed + rest);
        return Tool.run(folder, NO_PROXY, List.of(program, script.toString()));
    }

    private static String vendors(String example) throws IOException {
        try (InputStream in = VendorExamplesTest.class.getResourceAsStream("/vendor/" + example)) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void assertThatTheFileWasSaved(String said) throws Exception {
        String id = sandbox.jobs().get(0).jobId();
        assertThat(said).contains(id).contains("Status: success").contains("Saved to output.step");
        byte[] file = client.send(client.download(client.job(id))).bytes();
        assertThat(folder.resolve("output.step")).hasBinaryContent(file);
        assertThat(sandbox.counts().downloadsWithAuthorization()).isZero();
    }
}
