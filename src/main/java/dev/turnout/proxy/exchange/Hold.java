package dev.turnout.proxy.exchange;

import dev.turnout.proxy.folder.FileWish;
import dev.turnout.proxy.folder.OpenFile;

/**
 * Work off the event loop that a request waits for before it goes on. Its methods, and those of the waiter, are called
 * on the event loop of the request.
 */
interface Hold {

    /** Whoever waits. Exactly one of the methods that end the wait is called, once, unless the wait is given up. */
    interface Waiter {

        /** Called before {@link #goesOn} when the password of a user was right. */
        void recognised(String user);

        /** Called when the request may go on. */
        void goesOn();

        /** Called when the request is answered instead. */
        void refused(LocalReply reply);

        /**
         * Called when the request is answered with a file instead.
         *
         * @param file the waiter's to close, and its place the waiter's to leave
         */
        void served(OpenFile file, FileWish wish);
    }

    /** Begins the work. The waiter may be called before this method has returned. */
    void begin(Waiter waiter);

    /** Called when nobody waits any more: the request is over. */
    void giveUp();

    /** Returns the answer if the work takes too long. */
    LocalReply tooLate();
}
