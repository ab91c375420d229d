/** What {@code deploy/deploy.sh} does, with the packaged Turnout and the real sample application. */
package dev.turnout.deploy;
