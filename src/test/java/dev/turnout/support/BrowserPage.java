package dev.turnout.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page of a {@link Browser}, as its reader sees it and acts on it. */
public final class BrowserPage {

    /** A page that is drawn anew may move a button away from the mouse, seldom twice. */
    private static final int MOST_CLICKS = 20;

    private final Browser browser;
    private final String session;
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    BrowserPage(Browser browser, String session) {
        this.browser = browser;
        this.session = session;
        browser.listen(session, this::happened);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            ask(domain + ".enable", new JsonObject());
        }
    }

    private JsonObject ask(String method, JsonObject parameters) {
        return browser.ask(session, method, parameters);
    }

    private void happened(JsonObject event) {
        JsonObject told = event.getJsonObject("params");
        switch (event.getString("method")) {
            case "Runtime.exceptionThrown" -> errors.add(told.encode());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert").contains(told.getString("type"))) {
                    errors.add(told.encode());
                }
            }
            case "Log.entryAdded" -> {
                JsonObject entry = told.getJsonObject("entry");
                if (List.of("error", "warning").contains(entry.getString("level"))) {
                    errors.add(entry.encode());
                }
            }
            case "Network.requestWillBeSent" ->
                requests.add(told.getJsonObject("request").getString("url"));
            default -> {
                // Nothing that a test asks about.
            }
        }
    }

    /** Sets the size of the window, in pixels. */
    public BrowserPage size(int width, int height) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                new JsonObject()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        return this;
    }

    /** Sets the colours that the reader prefers: light or dark. */
    public BrowserPage scheme(String scheme) {
        ask(
                "Emulation.setEmulatedMedia",
                new JsonObject()
                        .put(
                                "features",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("name", "prefers-color-scheme")
                                                .put("value", scheme))));
        return this;
    }

    /** Sets the languages that the reader prefers. */
    public BrowserPage languages(String header) {
        String agent = run("navigator.userAgent");
        ask(
                "Network.setUserAgentOverride",
                new JsonObject().put("userAgent", agent).put("acceptLanguage", header));
        return this;
    }

    /** Opens an address, and waits until the page has loaded. */
    public BrowserPage open(URI address) {
        ask("Page.navigate", new JsonObject().put("url", address.toString()));
        await("the page has loaded", "document.readyState === 'complete' && location.href !== 'about:blank'");
        return this;
    }

    /** Runs an expression, and returns its value as text; of a promise what it resolves to. */
    public String run(String expression) {
        JsonObject result = ask(
                "Runtime.evaluate",
                new JsonObject()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (result.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + ": " + result.getJsonObject("exceptionDetails"));
        }
        return String.valueOf(result.getJsonObject("result").getValue("value"));
    }

    /** Waits until an expression is true. */
    public void await(String sentence, String expression) {
        Await.until(() -> sentence + "; the page says: " + text(), () -> run("Boolean(" + expression + ")")
                .equals("true"));
    }

    /** Waits until a text is to be seen. */
    public void awaitText(String text) {
        await("'" + text + "'", "document.body?.innerText.includes(" + quoted(text) + ")");
    }

    /** Returns what is to be read. */
    public String text() {
        return run("document.body?.innerText");
    }

    /** Clicks the button that has a text, by the mouse at its middle. Does so again if the button has moved meanwhile. */
    public void click(String text) {
        for (int clicks = 0; clicks < MOST_CLICKS; clicks++) {
            if (isClicked(text)) {
                return;
            }
        }
        throw new AssertionError("a click at '" + text + "' does not reach it; the page says: " + text());
    }

    private boolean isClicked(String text) {
        String button =
                "[...document.querySelectorAll('button')].find(b => b.checkVisibility() && !b.disabled && b.textContent.trim() === "
                        + quoted(text) + ")";
        await("a button '" + text + "'", button);
        JsonObject middle = new JsonObject(run("(() => { const b = window.aimedAt = " + button
                + "; b.addEventListener('click', () => { window.aimedAt = null; }, { once: true, capture: true });"
                + " b.scrollIntoView({ block: 'center' }); const r = b.getBoundingClientRect();"
                + " return JSON.stringify({ x: r.x + r.width / 2, y: r.y + r.height / 2 }) })()"));
        for (String kind : List.of("mousePressed", "mouseReleased")) {
            ask(
                    "Input.dispatchMouseEvent",
                    middle.copy().put("type", kind).put("button", "left").put("clickCount", 1));
        }
        // On another page there is nothing that was aimed at.
        return run("Boolean(window.aimedAt?.isConnected)").equals("false");
    }

    /** Presses a key: Tab, Enter, Space or Escape. */
    public void press(String key) {
        JsonObject event =
                switch (key) {
                    case "Tab" -> new JsonObject().put("key", "Tab").put("windowsVirtualKeyCode", 9);
                    case "Enter" ->
                        new JsonObject()
                                .put("key", "Enter")
                                .put("windowsVirtualKeyCode", 13)
                                .put("text", "\r");
                    case "Escape" -> new JsonObject().put("key", "Escape").put("windowsVirtualKeyCode", 27);
                    default ->
                        new JsonObject()
                                .put("key", " ")
                                .put("windowsVirtualKeyCode", 32)
                                .put("text", " ");
                };
        ask("Input.dispatchKeyEvent", event.copy().put("type", "keyDown").put("code", key));
        ask("Input.dispatchKeyEvent", event.copy().put("type", "keyUp").put("code", key));
    }

    /** Types into what has the focus. */
    public void type(String text) {
        ask("Input.insertText", new JsonObject().put("text", text));
    }

    /** Presses Tab until the element with the focus has a text or a label. */
    public void tabTo(String text) {
        for (int i = 0; i < 100; i++) {
            if (run("(document.activeElement.getAttribute('aria-label') ?? document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent).trim()")
                    .equals(text)) {
                return;
            }
            press("Tab");
        }
        throw new AssertionError("no Tab leads to '" + text + "': " + text());
    }

    /** Returns a text as a literal of JavaScript. */
    public static String quoted(String text) {
        return new JsonArray().add(text).encode().replaceAll("^\\[|]$", "");
    }

    /** Returns the errors and warnings of the console. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** Forgets the errors so far: the test has made them itself. */
    public void forgetErrors() {
        errors.clear();
    }

    /** Returns the addresses that were asked for. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Returns the elements that reach over the right edge of the page. */
    public String tooWide() {
        return run(
                "[...document.querySelectorAll('body *')].filter(e => !e.closest('.unseen') && e.getBoundingClientRect().right"
                        + " > document.documentElement.clientWidth + 0.5).map(e => e.tagName + '.' + e.className).join(', ')"
                        + " + (document.documentElement.scrollWidth > innerWidth ? ' page ' + document.documentElement.scrollWidth : '')");
    }

    /** Returns what axe-core finds; empty if there is no violation. */
    public String violations(Path axe) throws IOException {
        run(Files.readString(axe) + "; true");
        return run("axe.run().then(found => found.violations.map(v => v.id + ': '"
                + " + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; ')).join('\\n'))");
    }

    /** Keeps what is to be seen of the whole page. */
    public void screenshot(Path file) throws IOException {
        String image = ask(
                        "Page.captureScreenshot",
                        new JsonObject().put("format", "png").put("captureBeyondViewport", true))
                .getString("data");
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(image));
    }
}
