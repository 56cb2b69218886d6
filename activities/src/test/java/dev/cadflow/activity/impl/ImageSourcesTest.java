package dev.cadflow.activity.impl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.cadflow.makistry.ImageFile;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageSourcesTest {
    private static final byte[] PNG = "\u0089PNG\r\n\u001a\nand the rest of it".getBytes(ISO_8859_1);

    @TempDir
    private Path folder;

    private Path images;

    @BeforeEach
    void makeFolders() throws IOException {
        images = Files.createDirectory(folder.resolve("images"));
    }

    private static Stream<Arguments> imagesOfAllTypes() {
        return Stream.of(
                arguments("\u0089PNG\r\n\u001a\n", "image/png"),
                arguments("\u00ff\u00d8\u00ff\u00e0", "image/jpeg"),
                arguments("GIF87a", "image/gif"),
                arguments("GIF89a", "image/gif"),
                arguments("RIFFsizeWEBPVP8 ", "image/webp"));
    }

    @ParameterizedTest
    @MethodSource("imagesOfAllTypes")
    void imagesAreToldByTheirContentWhateverTheirName(String content, String mediaType) throws IOException {
        String uri = file("part.txt", content.getBytes(ISO_8859_1));

        try (FetchedImages fetched = sources(null).fetch(List.of(uri))) {
            ImageFile image = fetched.files().get(0);
            assertThat(image.mediaType()).isEqualTo(mediaType);
            assertThat(image.file()).hasBinaryContent(content.getBytes(ISO_8859_1));
            assertThat(image.sizeBytes()).isEqualTo(content.length());
        }
    }

    @Test
    void aNameMayHaveLettersBeyondAsciiEncodedOrNot() throws IOException {
        Files.write(images.resolve("größe.png"), PNG);
        for (String name : List.of("größe.png", "gr%C3%B6%C3%9Fe.png")) {
            try (FetchedImages fetched = sources(null).fetch(List.of(images.toUri() + name))) {
                assertThat(fetched.files()).hasSize(1);
            }
        }
    }

    @Test
    void theCopiesAreDeletedWhenTheyAreNoLongerNeeded() throws IOException {
        FetchedImages fetched = sources(null).fetch(List.of(file("a.png", PNG)));
        Path copy = fetched.files().get(0).file();

        fetched.close();

        assertThat(copy).doesNotExist();
        assertThat(images.resolve("a.png")).exists();
    }

    @Test
    void everyProblemIsNamedAtOnce() throws IOException {
        CadFailure failure = refusalOf(
                file("a.png", PNG), file("b.png", "<html>".getBytes(ISO_8859_1)), images.toUri() + "missing.png");

        assertThat(failure.details().problems())
                .extracting(CadFailure.Problem::field)
                .containsExactly("images[1]", "images[2]");
        assertThat(failure.message()).contains("b.png", "judged by its content", "missing.png", "exists");
        assertThat(failure.details().nextStep()).contains("nothing was paid");
    }

    @Test
    void anImageOfMoreThanTenMegabytesIsRefused() throws IOException {
        byte[] large = new byte[10_000_001];
        System.arraycopy(PNG, 0, large, 0, PNG.length);

        assertThat(refusalOf(file("large.png", large)).message()).contains("at most 10000000 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "file://host/etc/passwd",
                "/etc/passwd",
                "http://example.com/a.png",
                "ftp://example.com/a.png",
                "jar:file:/a.jar!/b.png",
                "s3://other/a.png",
                "https://images.example.org/a.png",
                "https://images.example/other/a.png",
                "https://images.example:8443/parts/a.png",
                "https://images.example/parts/../a.png",
                "https://images.example/parts/%2e%2e/a.png",
                "https://images.example/parts/%2E%2e%2fa.png",
                "https://images.example/parts/%252e%252e/a.png",
                "https://images.example/parts//a.png",
                "https://images.example@evil.example/parts/a.png",
                "https://user:pass@images.example/parts/a.png",
                "https://images.example/parts/a.png#x",
                "data:image/png;base64,AAAA",
                "not a uri",
                ""
            })
    void whatNoPrefixAllowsIsRefusedBeforeItIsTouched(String uri) {
        CadFailure failure = refusalOf(uri);

        assertThat(failure.type()).isEqualTo(FailureType.INVALID_INPUT);
        assertThat(failure.message()).startsWith("images[0]: expected ").doesNotContain("pass@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.png", "sub/../../outside.png", "%2e%2e/outside.png", "./../outside.png"})
    void aFileOutsideIsNotReachedByDots(String path) throws IOException {
        Files.write(folder.resolve("outside.png"), PNG);

        assertThat(refusalOf(images.toUri() + path).type()).isEqualTo(FailureType.INVALID_INPUT);
    }

    @Test
    void aFileOutsideIsNotReachedByLinks() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.write(outside.resolve("a.png"), PNG);
        Files.createSymbolicLink(images.resolve("link.png"), outside.resolve("a.png"));
        Files.createSymbolicLink(images.resolve("folder"), outside);

        assertThat(refusalOf(images.toUri() + "link.png").message()).contains("CADFLOW_IMAGES allows");
        assertThat(refusalOf(images.toUri() + "folder/a.png").message()).contains("CADFLOW_IMAGES allows");
    }

    @Test
    void aFolderWhoseNameOnlyBeginsAlikeIsAnother() throws IOException {
        Path alike = Files.createDirectory(folder.resolve("images-of-others"));
        Files.write(alike.resolve("a.png"), PNG);

        assertThat(refusalOf(alike.resolve("a.png").toUri().toString()).message())
                .contains("CADFLOW_IMAGES allows");
    }

    @Test
    void aPrefixMayNameASingleImage() throws IOException {
        String named = file("a.png", PNG);
        String alike = file("a.png2", PNG);
        ImageSources single = new ImageSources(ImagePrefixes.of(List.of(URI.create(named))), new OkHttpClient(), null);

        single.fetch(List.of(named)).close();
        for (String other : List.of(alike, images.toUri().toString(), named + "/a.png", named + "/../a.png2")) {
            assertThat(refusalOf(single, other).type()).isEqualTo(FailureType.INVALID_INPUT);
        }
    }

    @Test
    void aFolderIsNoImage() throws IOException {
        Files.createDirectory(images.resolve("folder.png"));

        assertThat(refusalOf(images.toUri() + "folder.png").message()).contains("an ordinary file");
    }

    @Test
    void withoutAPrefixNothingIsRead() throws IOException {
        String uri = file("a.png", PNG);

        assertThat(refusalOf(ImageSources.none(), uri).message()).contains("CADFLOW_IMAGES allows");
    }

    @Test
    void anAddressInAPrivateNetworkIsRefused() {
        ImageSources inside = new ImageSources(
                ImagePrefixes.of(List.of(
                        URI.create("https://127.0.0.1/"),
                        URI.create("https://localhost/"),
                        URI.create("https://[::1]/"))),
                new OkHttpClient(),
                null);

        for (String uri : List.of("https://127.0.0.1/a.png", "https://localhost/a.png", "https://[::1]/a.png")) {
            assertThat(refusalOf(inside, uri).message()).contains("a public address");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.1",
                "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
                "64:ff9b::a00:1", "2002:a00:1::", "fc00::1", "fe80::1", "ff02::1"
            })
    void addressesThatLeadInsideAreNotPublic(String address) throws IOException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111"})
    void otherAddressesArePublic(String address) throws IOException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void anObjectStoreServesItsImages() {
        ImageStore store = uri -> new ByteArrayInputStream(PNG);

        try (FetchedImages fetched = sources(store).fetch(List.of("s3://bucket/images/a.png"))) {
            assertThat(fetched.files())
                    .singleElement()
                    .satisfies(image -> assertThat(image.mediaType()).isEqualTo("image/png"));
        }
    }

    @Test
    void aMissingObjectIsInvalidAndABrokenStoreIsTriedAgain() {
        ImageStore missing = uri -> {
            throw new NoSuchFileException("a.png");
        };
        ImageStore broken = uri -> {
            throw new IOException("slow down, says X-Amz-Signature=s3cr3t");
        };

        assertThat(refusalOf(sources(missing), "s3://bucket/images/a.png").type())
                .isEqualTo(FailureType.INVALID_INPUT);
        CadFailure later = refusalOf(sources(broken), "s3://bucket/images/a.png");
        assertThat(later.type()).isEqualTo(FailureType.SERVICE_UNAVAILABLE);
        assertThat(later.message()).doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://images.example/",
                "https://user:pw@host/",
                "file:relative",
                "https://host/a/../b",
                "s3:///x",
                "https://host/?q=1"
            })
    void aPrefixThatSaysNothingClearIsRefused(String prefix) {
        assertThatThrownBy(() -> ImagePrefixes.of(List.of(URI.create(prefix))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("images prefix: expected")
                .hasMessageNotContaining("pw@");
    }

    private String file(String name, byte[] content) throws IOException {
        return Files.write(images.resolve(name), content).toUri().toString();
    }

    private ImageSources sources(@Nullable ImageStore store) {
        List<URI> prefixes = Stream.of(images.toUri().toString(), "https://images.example/parts", "s3://bucket/images/")
                .map(URI::create)
                .toList();
        return new ImageSources(ImagePrefixes.of(prefixes), new OkHttpClient(), store);
    }

    private CadFailure refusalOf(String... uris) {
        return refusalOf(sources(null), uris);
    }

    private static CadFailure refusalOf(ImageSources sources, String... uris) {
        ImageException refusal = catchThrowableOfType(
                ImageException.class, () -> sources.fetch(List.of(uris)).close());
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.failure();
    }
}
