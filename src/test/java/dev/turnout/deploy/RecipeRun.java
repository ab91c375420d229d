package dev.turnout.deploy;

import dev.turnout.MarkdownPage;
import dev.turnout.MarkdownPage.Block;
import dev.turnout.support.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Follows a recipe as it stands in its page: writes its files and runs its commands on a {@link PageMachine}. */
abstract class RecipeRun {

    private static final Path RECIPES = Path.of("deploy", "recipes");

    /** What each command of a page said, in the order of the page. */
    private final Map<String, PageMachine.Run> runs = new LinkedHashMap<>();

    static MarkdownPage page(String recipe) throws IOException {
        return MarkdownPage.read(RECIPES.resolve(recipe + ".md"));
    }

    /** Follows a page from its first block to its last one. */
    void follow(PageMachine machine, MarkdownPage page) throws IOException {
        for (Block block : page.blocks()) {
            follow(machine, block);
        }
    }

    /** Writes a block that begins with the name of a file; runs a block of shell. */
    void follow(PageMachine machine, Block block) throws IOException {
        String first = block.lines().get(0);
        if (first.startsWith("# /")) {
            machine.put(first.substring(2), block.text());
        } else if (block.language().equals("bash")) {
            runs.put(
                    block.heading() + "\n" + block.text(),
                    machine.run(quick(block.text())).succeeds());
        }
    }

    /** Shortens the watches of a page: nobody waits for them here. */
    static String quick(String script) {
        return script.replace("--watch 30s", "--watch 1s");
    }

    /** Returns what the last block with these words said. */
    String said(String words) {
        return runs.entrySet().stream()
                .filter(run -> run.getKey().contains(words))
                .reduce((first, second) -> second)
                .orElseThrow()
                .getValue()
                .output();
    }

    static void startOldApplication(PageMachine machine, int port) {
        machine.run("mkdir -p /srv && cp app.jar /srv/ && cd /srv && "
                        + "setsid nohup \"$JAVA_HOME\"/bin/java -jar -Dserver.port=" + port
                        + " app.jar >app.log 2>&1 &")
                .succeeds();
        Await.until("the old application", () -> answer(machine, "http://127.0.0.1:" + port + "/")
                .contains("port " + port));
    }

    static void startNginx(PageMachine machine) {
        machine.run("rm -f /etc/nginx/sites-enabled/default && systemctl start nginx")
                .succeeds();
    }

    static String answer(PageMachine machine, String url) {
        return machine.run("curl -sS " + url + " || true").output();
    }
}
