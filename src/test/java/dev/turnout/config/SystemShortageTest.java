package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A shortage is known by any cause of a failure")
final class SystemShortageTest {

    @Test
    void of_descriptors() {
        assertThat(SystemShortage.isOfDescriptors(new IOException("accept(..) failed: Too many open files")))
                .isTrue();
        assertThat(SystemShortage.isOfDescriptors(new ChannelException(
                        "Failed to open a socket.", new IOException("Too many open files in system"))))
                .isTrue();
        assertThat(SystemShortage.isOfDescriptors(new ConnectException("Connection refused")))
                .isFalse();
        assertThat(SystemShortage.isOfDescriptors(new IOException())).isFalse();
    }

    @Test
    void of_threads() {
        assertThat(SystemShortage.isOfThreads(new OutOfMemoryError("unable to create native thread")))
                .isTrue();
        assertThat(SystemShortage.isOfThreads(new CompletionException(new RejectedExecutionException())))
                .isTrue();
        assertThat(SystemShortage.isOfThreads(new ConnectException("Connection refused")))
                .isFalse();
    }
}
