package dev.cadflow.activity.impl;

import dev.cadflow.makistry.ImageFile;
import dev.cadflow.workflow.CadFailure;
import dev.cadflow.workflow.FailureType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a request's images to this machine and checks them before anything is paid for. Only places that
 * {@link ImagePrefixes} allow are read; redirects and internal addresses are not followed. Safe for use by many
 * threads.
 */
public final class ImageSources {
    /** Makistry's documentation: at most 10 MB each. */
    static final long LARGEST_BYTES = 10_000_000;
    /** What to do where a place cannot be read now. */
    static final String READ_AGAIN =
            "Nothing at first: it is tried again by itself. If it lasts, see whether the worker "
                    + "can reach that place, and may read there: an s3: place by the AWS credentials and the region that it has.";

    private final ImagePrefixes allowed;
    private final OkHttpClient http;
    private final @Nullable ImageStore store;
    private final Predicate<InetAddress> addresses;

    /**
     * Sources for public addresses.
     *
     * @param allowed where images may be read from
     * @param http whose trust settings and threads are used; it must not add credentials
     * @param store reads {@code s3:} images; null where there is none
     */
    public ImageSources(ImagePrefixes allowed, OkHttpClient http, @Nullable ImageStore store) {
        this(allowed, http, store, PublicAddresses::isPublic);
    }

    ImageSources(
            ImagePrefixes allowed, OkHttpClient http, @Nullable ImageStore store, Predicate<InetAddress> addresses) {
        this.allowed = allowed;
        this.store = store;
        this.addresses = addresses;
        this.http = http.newBuilder()
                .followRedirects(false)
                .followSslRedirects(false)
                .proxy(Proxy.NO_PROXY)
                .dns(this::lookup)
                .connectTimeout(10, TimeUnit.SECONDS)
                .readTimeout(30, TimeUnit.SECONDS)
                .callTimeout(60, TimeUnit.SECONDS)
                .build();
    }

    /** Sources that refuse every image. */
    public static ImageSources none() {
        return new ImageSources(ImagePrefixes.none(), new OkHttpClient(), null);
    }

    /**
     * The images, copied to temporary files so that what was checked is what is sent; closing them deletes these.
     *
     * @param uris as in the request
     * @throws ImageException {@code invalid_input} with each broken rule, or {@code service_unavailable} where a place
     *     cannot be read now
     */
    FetchedImages fetch(List<String> uris) {
        List<ImageFile> files = new ArrayList<>();
        List<CadFailure.Problem> problems = new ArrayList<>();
        FetchedImages images = new FetchedImages(files);
        boolean complete = false;
        try {
            for (int i = 0; i < uris.size(); i++) {
                try {
                    files.add(fetch(uris.get(i)));
                } catch (ImageRefused refused) {
                    problems.add(new CadFailure.Problem(
                            "images[" + i + "]", refused.rule(), "\"" + shown(uris.get(i)) + "\""));
                } catch (IOException unavailable) {
                    throw unavailable(i, shown(uris.get(i)));
                }
            }
            if (!problems.isEmpty()) {
                throw invalid(problems);
            }
            complete = true;
            return images;
        } finally {
            if (!complete) {
                images.close();
            }
        }
    }

    private ImageFile fetch(String text) throws ImageRefused, IOException {
        return this.<ImageFile, IOException>read(text, ImageSources::copy);
    }

    /** What is done with the bytes of an allowed place. */
    @FunctionalInterface
    interface Reading<T, E extends Exception> {
        T read(InputStream in) throws ImageRefused, IOException, E;
    }

    /**
     * Reads from an allowed place.
     *
     * @throws ImageRefused where it is not allowed, or there is nothing
     * @throws IOException where it cannot be read now
     */
    <T, E extends Exception> T read(String text, Reading<T, E> reading) throws ImageRefused, IOException, E {
        URI uri = parse(text);
        ImagePrefixes.requirePlain(uri);
        allowed.requireAllowed(uri);
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "file" -> fromFile(Path.of(uri), reading);
            case "https" -> fromWeb(uri, reading);
            default -> fromStore(uri, reading);
        };
    }

    private <T, E extends Exception> T fromFile(Path file, Reading<T, E> reading) throws ImageRefused, IOException, E {
        Path real = allowed.requireAllowedFile(file);
        try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
            return reading.read(in);
        }
    }

    private <T, E extends Exception> T fromWeb(URI uri, Reading<T, E> reading) throws ImageRefused, IOException, E {
        String host = uri.getHost();
        try {
            // OkHttp asks no name service for an address that is written out.
            if (host.startsWith("[") || host.matches("[0-9.]+")) {
                lookup(host);
            }
            return download(uri, reading);
        } catch (InternalAddress internal) {
            throw new ImageRefused("a public address");
        }
    }

    private <T, E extends Exception> T download(URI uri, Reading<T, E> reading) throws ImageRefused, IOException, E {
        Request request = new Request.Builder().url(uri.toString()).build();
        try (Response answer = http.newCall(request).execute()) {
            if (answer.code() >= 500 || answer.code() == 429) {
                throw new IOException("status " + answer.code());
            }
            if (answer.code() != 200) {
                throw new ImageRefused("an address that answers 200 (no redirect), not " + answer.code());
            }
            return reading.read(answer.body().byteStream());
        }
    }

    private <T, E extends Exception> T fromStore(URI uri, Reading<T, E> reading) throws ImageRefused, IOException, E {
        if (store == null) {
            throw new ImageRefused("a file: or https: URI, as this worker has no object store to read from");
        }
        try (InputStream in = store.open(uri)) {
            return reading.read(in);
        } catch (NoSuchFileException missing) {
            throw new ImageRefused("an object that exists");
        }
    }

    private static ImageFile copy(InputStream in) throws ImageRefused, IOException {
        Path copy = Files.createTempFile("cadflow-image-", ".tmp");
        boolean kept = false;
        try {
            byte[] start = in.readNBytes(ImageType.SIGNATURE_BYTES);
            ImageType type = ImageType.of(start)
                    .orElseThrow(() -> new ImageRefused("a PNG, JPEG, WebP or GIF image, judged by its content"));
            long size = start.length;
            try (OutputStream out = Files.newOutputStream(copy)) {
                out.write(start);
                byte[] buffer = new byte[64 * 1024];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    size += read;
                    if (size > LARGEST_BYTES) {
                        throw tooLarge();
                    }
                    out.write(buffer, 0, read);
                }
            }
            kept = true;
            return new ImageFile(copy, type.mediaType(), size);
        } finally {
            if (!kept) {
                Files.deleteIfExists(copy);
            }
        }
    }

    private List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> found = Dns.SYSTEM.lookup(host.replaceAll("^\\[|]$", ""));
        if (!found.stream().allMatch(addresses)) {
            throw new InternalAddress();
        }
        return found;
    }

    private static URI parse(String text) throws ImageRefused {
        try {
            // Letters beyond ASCII, which a person writes and a URI proper has percent-encoded.
            return new URI(new URI(text).toASCIIString());
        } catch (URISyntaxException noUri) {
            throw new ImageRefused("a URI");
        }
    }

    private static ImageRefused tooLarge() {
        return new ImageRefused("at most " + LARGEST_BYTES + " bytes");
    }

    /** A query may be a signature and user information a password. */
    static String shown(String uri) {
        String shown = uri.replaceAll("[?#].*", "").replaceAll("//[^/]*@", "//");
        return shown.length() <= 200 ? shown : shown.substring(0, 200) + "…";
    }

    private static ImageException invalid(List<CadFailure.Problem> problems) {
        String message = String.join(
                "; ", problems.stream().map(CadFailure.Problem::toString).toList());
        CadFailure.Details details = new CadFailure.Details(
                null, null, null, null, "Correct the images and start again; nothing was paid.", problems, null);
        return new ImageException(new CadFailure(FailureType.INVALID_INPUT, message, details));
    }

    private static ImageException unavailable(int index, String shown) {
        String message = "images[" + index + "]: \"" + shown + "\" cannot be read now; nothing was submitted";
        return new ImageException(new CadFailure(
                FailureType.SERVICE_UNAVAILABLE, message, CadFailure.Details.NONE.withNextStep(READ_AGAIN)));
    }

    /** A name that leads into a private network. */
    private static final class InternalAddress extends UnknownHostException {
        private static final long serialVersionUID = 1L;
    }
}
