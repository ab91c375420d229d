#!/usr/bin/perl
# Does for a program what systemd does for a service with sockets: opens the sockets and keeps them, starts the program
# with them (sd_listen_fds(3)), starts it again when it has ended, and prints what the program says of itself
# (sd_notify(3)). Usage: supervisor.pl NOTIFY_SOCKET blocking|nonblocking NAME[:NAME...] COMMAND...
# A socket is opened for each name.
# Words on its standard input: restart, stop. When that ends, so do the program and this.
use strict;
use warnings;
use Fcntl;
use POSIX qw(:sys_wait_h dup2);
use Socket;

my ($notify_path, $blocking, $names, @command) = @ARGV;
$| = 1;
$^F = 1000;

my @servers;
for my $name (split /:/, $names) {
    socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
    setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1) or die "setsockopt: $!";
    bind($server, sockaddr_in(0, INADDR_LOOPBACK)) or die "bind: $!";
    listen($server, 4096) or die "listen: $!";
    fcntl($server, F_SETFL, O_NONBLOCK) or die "fcntl: $!" if $blocking eq 'nonblocking';
    push @servers, $server;
    my ($port) = sockaddr_in(getsockname($server));
    print "$name listens at $port\n";
}

socket(my $notify, PF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
bind($notify, sockaddr_un($notify_path)) or die "bind: $!";

my ($child, $stopping) = (0, 0);

sub start {
    $child = fork() // die "fork: $!";
    if ($child == 0) {
        # In two steps: a socket may have the number that another one is to get.
        dup2(fileno($servers[$_]), 100 + $_) // die "dup2: $!" for 0 .. $#servers;
        dup2(100 + $_, 3 + $_) // die "dup2: $!" for 0 .. $#servers;
        $ENV{LISTEN_PID} = $$;
        $ENV{LISTEN_FDS} = @servers;
        $ENV{LISTEN_FDNAMES} = $names;
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
