/**
 * Files of a folder as answers: which file a request is for, which part of it, and how the file is read. Nothing here
 * runs on an event loop but {@link dev.turnout.proxy.folder.FileWish} and {@link dev.turnout.proxy.folder.FileAnswer}.
 */
@NullMarked
package dev.turnout.proxy.folder;

import org.jspecify.annotations.NullMarked;
