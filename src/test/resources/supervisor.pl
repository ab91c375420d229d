#!/usr/bin/perl
# Does for a program what systemd does for a service with a socket: opens the socket and keeps it, starts the program
# with it (sd_listen_fds(3)), starts it again when it has ended, and prints what the program says of itself
# (sd_notify(3)). Usage: supervisor.pl NOTIFY_SOCKET blocking|nonblocking COMMAND...
# Words on its standard input: restart, stop. When that ends, so do the program and this.
use strict;
use warnings;
use Fcntl;
use POSIX qw(:sys_wait_h dup2);
use Socket;

my ($notify_path, $blocking, @command) = @ARGV;
$| = 1;
$^F = 1000;

socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1) or die "setsockopt: $!";
bind($server, sockaddr_in(0, INADDR_LOOPBACK)) or die "bind: $!";
listen($server, 4096) or die "listen: $!";
fcntl($server, F_SETFL, O_NONBLOCK) or die "fcntl: $!" if $blocking eq 'nonblocking';
dup2(fileno($server), 3) or die "dup2: $!" if fileno($server) != 3;
my ($port) = sockaddr_in(getsockname($server));
print "listening $port\n";

socket(my $notify, PF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
bind($notify, sockaddr_un($notify_path)) or die "bind: $!";

my ($child, $stopping) = (0, 0);

sub start {
    $child = fork() // die "fork: $!";
    if ($child == 0) {
        $ENV{LISTEN_PID} = $$;
        $ENV{LISTEN_FDS} = 1;
        $ENV{NOTIFY_SOCKET} = $notify_path;
        $ENV{WATCHDOG_PID} = $$;
        $ENV{WATCHDOG_USEC} = 300_000;
        open(STDIN, '<', '/dev/null');
        exec(@command) or die "exec: $!";
    }
    print "started $child\n";
}

start();
while ($child) {
    my $ready = '';
    vec($ready, fileno(STDIN), 1) = 1;
    vec($ready, fileno($notify), 1) = 1;
    if (select($ready, undef, undef, 0.02) > 0) {
        if (vec($ready, fileno($notify), 1) && defined recv($notify, my $message, 4096, 0)) {
            print "notified $_\n" for split /\n/, $message;
        }
        if (vec($ready, fileno(STDIN), 1)) {
            my $word = '';
            if (!sysread(STDIN, $word, 100) || $word =~ /stop/) {
                $stopping = 1;
                kill($word ? 'TERM' : 'KILL', $child);
            } elsif ($word =~ /restart/) {
                kill('TERM', $child);
            }
        }
    }
    if (waitpid($child, WNOHANG) == $child) {
        print 'ended ', $? >> 8, "\n";
        $child = 0;
        start() unless $stopping || $? != 0;
    }
}
