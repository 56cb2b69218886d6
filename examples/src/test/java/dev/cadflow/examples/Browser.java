package dev.cadflow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A headless Chromium. Where there is none the test is skipped with a line that says so. */
final class Browser implements AutoCloseable {
    private static final String HINT =
            "no browser: install chromium and chromedriver, such as by apt-get install chromium chromium-driver";
    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Opens a window of a profile of its own, which is thrown away. */
    static Browser open(Path profile) {
        Optional<Path> browser = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> driver = onPath("chromedriver");
        Assumptions.assumeTrue(browser.isPresent() && driver.isPresent(), HINT);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow().toString());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--force-device-scale-factor=1",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /** Goes to a page in a window of that size, in pixels. */
    Browser show(URI page, int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
        driver.get(page.toString());
        return this;
    }

    /** Waits until the page's text has all of these, in whatever case the page's style gives them. */
    Browser awaitText(String... texts) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!Arrays.stream(texts).allMatch(this::has)) {
            if (System.nanoTime() > end) {
                screenshot("failed");
                assertThat(text()).contains(texts);
            }
            Thread.onSpinWait();
        }
        return this;
    }

    private boolean has(String text) {
        return text().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    /** Clicks the first element that has this text, once it is there. */
    Browser click(String text) {
        awaitText(text);
        driver.findElement(By.xpath("//*[text()[normalize-space()='" + text + "']]"))
                .click();
        return this;
    }

    /** Clicks the first element that a CSS selector finds, once it is there and can be clicked. */
    Browser clickAt(String css) {
        await(css, WebElement::click);
        return this;
    }

    /** Types into the first field that a CSS selector finds, once it is there. */
    Browser type(String css, String text) {
        await(css, element -> element.sendKeys(text));
        return this;
    }

    private void await(String css, Consumer<WebElement> action) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                action.accept(driver.findElement(By.cssSelector(css)));
                return;
            } catch (WebDriverException notYet) {
                if (System.nanoTime() > end) {
                    screenshot("failed");
                    throw notYet;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** What a person can read, frames included: the Web UI shows Markdown in frames. */
    String text() {
        try {
            driver.switchTo().defaultContent();
            StringBuilder text =
                    new StringBuilder(driver.findElement(By.tagName("body")).getText());
            for (WebElement frame : driver.findElements(By.tagName("iframe"))) {
                driver.switchTo().frame(frame);
                text.append('\n').append(driver.findElement(By.tagName("body")).getText());
                driver.switchTo().defaultContent();
            }
            return text.toString();
        } catch (WebDriverException betweenTwoPages) {
            return "";
        }
    }

    /** Keeps a picture of the window below {@code target/screenshots}. */
    Path screenshot(String name) {
        try {
            Files.createDirectories(SCREENSHOTS);
            return Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static Optional<Path> onPath(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
