#!/usr/bin/env bash
# Sets up etcd for a fleet of Turnouts, and looks after it; see usage() below and README.md beside this file.
set -euo pipefail
umask 077

config=/etc/turnout-etcd
data=/var/lib/turnout-etcd
backups=/var/backups/turnout-etcd
unit=turnout-etcd
days=3650

usage() {
    cat <<'USAGE'
Usage: etcd.sh WORD ...

On any machine, once:
  prepare [options] FOLDER NODE=ADDRESS [NODE=ADDRESS NODE=ADDRESS]
                     makes a folder for each node of etcd, and FOLDER/turnout for machines with a Turnout only. Each has
                     certificates, passwords and this script. One node or three; ADDRESS is an IP address. Once more with
                     the same FOLDER: the same authorities and passwords, new certificates
    --turnout A,A..  addresses of Turnouts on other machines, for the example of a firewall
    --fleet NAME     turnout.fleet.name (main)

As root, on the machine that the folder beside this script is for:
  install [--join]   installs the node and starts it. --join: etcd runs already, and this node is new or has lost its disk
  users              asks etcd for passwords from now on. Once, on one node, when a majority of them runs
  member [options]   gives the Turnout of this machine certificates, password and settings
    --settings FILE  its configuration (/etc/turnout/application.properties)
    --address H:P    turnout.fleet.address: where the other members reach its admin server

As root, on a node that is installed; there this script is called turnout-etcd:
  status             says of each node whether it serves, and which one leads
  backup [options]   writes what etcd holds to a new file; a timer does it each night
    --to FOLDER      (/var/backups/turnout-etcd)
    --keep N         how many files stay (14)
  restore FILE       puts a backup back. On each node, with the same file
  ctl WORD...        runs etcdctl as the user root of etcd

Exit codes: 0 done, 1 failed, 2 wrong usage
USAGE
}

refuse_usage() {
    printf 'etcd.sh: %s (--help lists what is understood). Nothing was done.\n' "$*" >&2
    exit 2
}

fail() {
    printf 'etcd.sh: %s\n' "$*" >&2
    exit 1
}

need() {
    local program package
    for package; do
        program=${package%%=*}
        command -v "$program" >/dev/null ||
            fail "there is no program $program here. Nothing was done. On Debian and Ubuntu: apt install ${package#*=}"
    done
}

need_root() {
    [ "$(id -u)" -eq 0 ] || fail "$1 needs root: run it with sudo. Nothing was done."
}

# value OPTION VALUE...: the value of an option.
value() {
    if [ $# -lt 2 ] || [ -z "$2" ]; then
        refuse_usage "$1 needs a value"
    fi
    printf '%s' "$2"
}

is_address() {
    local part
    if [[ $1 =~ ^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$ ]]; then
        for part in "${BASH_REMATCH[@]:1}"; do
            [ "$((10#$part))" -le 255 ] || return 1
        done
    else
        [[ $1 =~ ^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$ && $1 == *:*:* ]]
    fi
}

# url ADDRESS PORT
url() {
    case $1 in
        *:*) printf 'https://[%s]:%s' "$1" "$2" ;;
        *) printf 'https://%s:%s' "$1" "$2" ;;
    esac
}

# --- prepare ---

# authority NAME: makes one in the folder of authorities, unless it is there.
authority() {
    [ ! -e "$folder/authorities/$1.pem" ] || return 0
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days "$days" \
        -subj "/O=Turnout fleet/OU=$1" -keyout "$folder/authorities/$1-key.pem" -out "$folder/authorities/$1.pem" \
        2>/dev/null
}

# certificate AUTHORITY FILE [ADDRESS]: a certificate with its key in one file. It has no common name: etcd would take that
# for a user. A node's is shown to clients, and by etcd's JSON gateway to etcd itself.
certificate() {
    local work extensions
    work=$(mktemp -d "$folder/.work.XXXXXX")
    extensions='basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth'
    [ $# -lt 3 ] || extensions="${extensions},serverAuth
subjectAltName=IP:$3"
    printf '%s\n' "$extensions" >"$work/extensions"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -subj "/O=Turnout fleet" \
        -keyout "$work/key.pem" -out "$work/request.pem" 2>/dev/null
    openssl x509 -req -sha256 -days "$days" -in "$work/request.pem" -set_serial "0x01$(openssl rand -hex 15)" \
        -CA "$folder/authorities/$1.pem" -CAkey "$folder/authorities/$1-key.pem" \
        -extfile "$work/extensions" -out "$work/certificate.pem" 2>/dev/null
    cat "$work/certificate.pem" "$work/key.pem" >"$2"
    rm -r "$work"
}

# secret NAME: a random word, the same each time.
secret() {
    [ -e "$folder/authorities/$1" ] || openssl rand -hex 24 >"$folder/authorities/$1"
    cat "$folder/authorities/$1"
}

# firewall: rules of nftables that let only nodes and Turnouts reach etcd.
firewall() {
    local family version addresses
    cat <<'RULES'
# An example: only the nodes of etcd and the Turnouts of the fleet reach etcd on this machine. What else the machine lets in
# stays as it is. Try it with: nft -f firewall.nft      Undo it with: nft delete table inet turnout_etcd
table inet turnout_etcd
delete table inet turnout_etcd
table inet turnout_etcd {
    chain input {
        type filter hook input priority -10; policy accept;
        iif lo accept
RULES
    for version in 4 6; do
        family=ip
        [ "$version" = 4 ] || family=ip6
        addresses=$(of_version "$version" "${nodes[@]#*=}")
        [ -z "$addresses" ] || printf '        tcp dport 2380 %s saddr { %s } accept\n' "$family" "$addresses"
        addresses=$(of_version "$version" "${nodes[@]#*=}" "${turnouts[@]}")
        [ -z "$addresses" ] || printf '        tcp dport 2379 %s saddr { %s } accept\n' "$family" "$addresses"
    done
    cat <<'RULES'
        tcp dport { 2379, 2380 } drop
    }
}
RULES
}

# of_version 4|6 ADDRESS...: those of them that are of this version, with commas between them, each once.
of_version() {
    local version=$1 address
    shift
    for address; do
        case $address in
            *:*) [ "$version" = 4 ] || echo "$address" ;;
            *) [ "$version" = 6 ] || echo "$address" ;;
        esac
    done | sort -u | paste -sd, | sed 's/,/, /g'
}

prepare() {
    local fleet=main given node name address names="" addresses="" cluster="" endpoints="" part
    turnouts=()
    nodes=()
    folder=
    while [ $# -gt 0 ]; do
        case $1 in
            --fleet)
                fleet=$(value "$@")
                shift
                ;;
            --turnout)
                given=$(value "$@")
                shift
                for address in ${given//,/ }; do
                    is_address "$address" || refuse_usage "--turnout $address is no IP address"
                    turnouts+=("$address")
                done
                ;;
            -*) refuse_usage "$1 is not an option of prepare" ;;
            *=*) nodes+=("$1") ;;
            *) [ -z "$folder" ] || refuse_usage "$1 is no NODE=ADDRESS, and the folder is $folder already" && folder=$1 ;;
        esac
        shift
    done
    [ -n "$folder" ] || refuse_usage "the folder to write to is missing"
    [[ $fleet =~ ^[A-Za-z0-9._-]+$ ]] || refuse_usage "--fleet $fleet: letters, digits, dots, _ and - only"
    case ${#nodes[@]} in
        1 | 3 | 5) ;;
        *) refuse_usage "etcd has one node, three or five, and ${#nodes[@]} are named: of two or four as many may fail as of one or three" ;;
    esac
    for node in "${nodes[@]}"; do
        name=${node%%=*} address=${node#*=}
        [[ $name =~ ^[a-z0-9][a-z0-9-]*$ ]] || refuse_usage "'$name' is no name of a node: small letters, digits and - only"
        is_address "$address" || refuse_usage "$name=$address: '$address' is no IP address"
        case $name in turnout | authorities) refuse_usage "a node can't be called $name: that folder is for another thing" ;; esac
        case " $names " in *" $name "*) refuse_usage "two nodes are called $name" ;; esac
        case " $addresses " in *" $address "*) refuse_usage "two nodes have the address $address" ;; esac
        names="$names $name" addresses="$addresses $address"
        cluster="${cluster:+$cluster,}$name=$(url "$address" 2380)"
        endpoints="${endpoints:+$endpoints,}$(url "$address" 2379)"
    done
    need openssl=openssl

    mkdir -p "$folder/authorities"
    if [ -e "$folder/authorities/fleet" ] && [ "$(cat "$folder/authorities/fleet")" != "$fleet" ]; then
        refuse_usage "$folder is for the fleet $(cat "$folder/authorities/fleet")"
    fi
    echo "$fleet" >"$folder/authorities/fleet"
    authority clients
    authority peers
    for part in "${nodes[@]}" turnout; do
        name=${part%%=*} address=${part#*=}
        install -d -m 700 "$folder/$name"
        install -m 755 "${BASH_SOURCE[0]}" "$folder/$name/etcd.sh"
        cp "$folder/authorities/clients.pem" "$folder/$name/ca.pem"
        certificate clients "$folder/$name/client.pem"
        secret turnout-password >"$folder/$name/password"
        {
            printf 'fleet=%q\n' "$fleet"
            printf 'endpoints=%q\n' "$endpoints"
        } >"$folder/$name/settings"
        [ "$name" != turnout ] || continue
        cp "$folder/authorities/peers.pem" "$folder/$name/peer-ca.pem"
        certificate clients "$folder/$name/server.pem" "$address"
        certificate peers "$folder/$name/peer.pem" "$address"
        secret root-password >"$folder/$name/root-password"
        firewall >"$folder/$name/firewall.nft"
        cp "$(dirname "${BASH_SOURCE[0]}")"/turnout-etcd*.{service,timer} "$folder/$name/"
        {
            printf 'node=%q\n' "$name"
            printf 'address=%q\n' "$address"
            printf 'cluster=%q\n' "$cluster"
            printf 'token=%q\n' "turnout-$(secret token)"
        } >>"$folder/$name/settings"
    done
    echo "Made$names and turnout in $folder. Bring each folder to its machine, and keep $folder/authorities in a safe place."
    for node in "${nodes[@]}"; do
        # A copy into a folder that is there would lie in it.
        echo "  ssh root@${node#*=} rm -rf turnout-etcd && scp -pr $folder/${node%%=*} root@${node#*=}:turnout-etcd"
    done
    echo "Then on each of them: sudo turnout-etcd/etcd.sh install"
}

# --- on a machine ---

# read_settings FOLDER WORD: what prepare has written for this machine.
read_settings() {
    if [ ! -f "$1/settings" ]; then
        [ "$1" = "$config" ] && fail "$2: no node of etcd is installed here. Nothing was done. Begin with: etcd.sh prepare"
        fail "$2: there is no file settings beside this script. Nothing was done. Run the etcd.sh in a folder that etcd.sh prepare has made."
    fi
    local copy
    for copy in "$1"/*/settings; do
        [ ! -f "$copy" ] ||
            fail "$2: in $1 lies another copy, $(dirname "$copy"), so its own settings may be old ones. Nothing was done. Delete $1 and copy the folder again, as etcd.sh prepare says."
    done
    # shellcheck disable=SC1091
    . "$1/settings"
    [ "$2" = member ] || [ -n "${node:-}" ] ||
        fail "$2: this folder is for a machine with a Turnout only. Nothing was done. Use the folder that has the name of the node."
}

# ctl WORD...: etcdctl as root of etcd, or as nobody as long as etcd asks for no password.
ctl() {
    # The password is in the environment: the words of a program stand in the list of processes, for all to read.
    (
        export ETCDCTL_API=3
        # shellcheck disable=SC2154
        if [ -z "${anonymous:-}" ]; then
            ETCDCTL_USER=root:$(cat "$files/root-password")
            export ETCDCTL_USER
        fi
        exec etcdctl --command-timeout=5s --dial-timeout=2s "--endpoints=${asked:-$endpoints}" \
            "--cacert=$files/ca.pem" "--cert=$files/client.pem" "--key=$files/client.pem" "$@"
    )
}

# asks_for_passwords: true once users has been run.
asks_for_passwords() {
    local said
    said=$(anonymous=yes ctl user list 2>&1) && return 1
    case $said in
        *"user name is empty"* | *"permission denied"* | *"invalid auth token"*) return 0 ;;
        *) return 2 ;;
    esac
}

# await_majority: waits until etcd answers, a minute at most.
await_majority() {
    local state rounds
    for rounds in {1..30}; do
        state=0
        asks_for_passwords || state=$?
        [ "$state" -eq 2 ] || return 0
        [ "$rounds" -gt 1 ] || echo "waiting for etcd at $endpoints"
        sleep 2
    done
    fail "no majority of etcd answers at $endpoints. $1 The last answer was: $(anonymous=yes ctl user list 2>&1 | tail -n 1)"
}

write_config() {
    local client peer
    # What prepare has written.
    # shellcheck disable=SC2154
    client=$(url "$address" 2379) peer=$(url "$address" 2380)
    cat <<CONFIG
# Written by etcd.sh install, which overwrites it.
name: $node
data-dir: $data/data
listen-client-urls: $client
advertise-client-urls: $client
listen-peer-urls: $peer
initial-advertise-peer-urls: $peer
initial-cluster: $1
initial-cluster-state: $2
initial-cluster-token: ${token:?}
# Turnout speaks to the JSON gateway. Without this line a configuration in a file turns it off.
enable-grpc-gateway: true
# What has changed is kept for an hour: Turnout needs none of it.
auto-compaction-mode: periodic
auto-compaction-retention: "1h"
client-transport-security:
  cert-file: $config/server.pem
  key-file: $config/server.pem
  trusted-ca-file: $config/ca.pem
  client-cert-auth: true
peer-transport-security:
  cert-file: $config/peer.pem
  key-file: $config/peer.pem
  trusted-ca-file: $config/peer-ca.pem
  client-cert-auth: true
logger: zap
log-level: warn
log-outputs: [stderr]
CONFIG
}

# join: tells the other nodes of this one, and prints all of them as initial-cluster.
join() {
    local own id line name peers others=""
    own=$(url "$address" 2380)
    asked=$(tr , '\n' <<<"$endpoints" | grep -vxF "$(url "$address" 2379)" | paste -sd,) || true
    [ -n "$asked" ] || fail "--join: etcd has this node only. Nothing was done. Put a backup back: turnout-etcd restore FILE"
    await_majority "Nothing was done."
    id=$(ctl member list -w simple | awk -F', ' -v own="$own" '$4 == own { print $1 }')
    # -e does not hold in a command substitution.
    [ -z "$id" ] || ctl member remove "$id" >&2 || fail "--join: etcd did not remove the old place of this node. Try again."
    ctl member add "$node" "--peer-urls=$own" >&2 || fail "--join: etcd did not take this node. Try again when all others run."
    while IFS= read -r line; do
        IFS=, read -r _ _ name peers _ <<<"${line//, /,}"
        others="${others:+$others,}${name:-$node}=$peers"
    done < <(ctl member list -w simple)
    printf '%s' "$others"
}

# move_data_away: what is in the folder of data gets another name.
move_data_away() {
    local to
    to=$data/data.before-$(date +%Y%m%d-%H%M%S)
    [ ! -e "$data/data" ] || {
        mv "$data/data" "$to"
        echo "What this node held before is in $to."
    }
}

install_node() {
    local joins=false state=new own file
    case ${1-} in
        "") ;;
        --join) joins=true ;;
        *) refuse_usage "$1 is not an option of install" ;;
    esac
    need_root install
    files=$here
    read_settings "$here" install
    need etcd=etcd-server etcdctl=etcd-client systemctl=systemd ip=iproute2
    own=$(ip -o address show | awk '{ sub("/.*", "", $4); print $4 }')
    grep -qxF "$address" <<<"$own" ||
        fail "install: $address is no address of this machine, which has ${own//$'\n'/, }. Nothing was done. Is this the folder of another node?"
    if [ -e "$config/etcd.yaml" ] && ! grep -qxF "initial-cluster-token: $token" "$config/etcd.yaml"; then
        fail "install: a node of another etcd is installed here. Nothing was done. To give up what it holds: systemctl disable --now $unit, then move $config and $data away."
    fi
    if ! systemctl is-active --quiet "$unit" && (exec 3<>"/dev/tcp/$address/2379") 2>/dev/null; then
        fail "install: something else listens on $address port 2379. Nothing was done. If it is an etcd that nobody needs: systemctl disable --now etcd"
    fi

    getent passwd "$unit" >/dev/null ||
        useradd --system --user-group --home-dir "$data" --no-create-home --shell /usr/sbin/nologin "$unit"
    if $joins; then
        systemctl stop "$unit" 2>/dev/null || true
        cluster=$(join) || {
            # Its data are untouched so far, and the others may need it.
            [ ! -e "$data/data" ] || systemctl start "$unit" || true
            exit 1
        }
        state=existing
        install -d -m 700 -o "$unit" -g "$unit" "$data"
        move_data_away
    elif [ -e "$config/etcd.yaml" ]; then
        # These lines count at the first start only, and are those of then.
        cluster=$(sed -n 's/^initial-cluster: //p' "$config/etcd.yaml")
        state=$(sed -n 's/^initial-cluster-state: //p' "$config/etcd.yaml")
    fi
    install -d -m 750 -g "$unit" "$config"
    for file in ca.pem peer-ca.pem server.pem peer.pem client.pem; do
        install -m 640 -g "$unit" "$here/$file" "$config/"
    done
    for file in root-password password settings; do
        install -m 600 "$here/$file" "$config/"
    done
    write_config "$cluster" "$state" >"$config/etcd.yaml.new"
    chgrp "$unit" "$config/etcd.yaml.new"
    chmod 640 "$config/etcd.yaml.new"
    mv "$config/etcd.yaml.new" "$config/etcd.yaml"
    install -m 755 "${BASH_SOURCE[0]}" /usr/local/sbin/turnout-etcd
    install -d -m 755 /etc/systemd/system
    install -m 644 "$here/$unit.service" "$here/$unit-backup.service" "$here/$unit-backup.timer" /etc/systemd/system/
    systemctl daemon-reload
    systemctl enable --now "$unit.service" "$unit-backup.timer"
    echo "Node $node of etcd is installed. It serves once a majority of the nodes runs: sudo turnout-etcd status"
}

users() {
    local state=0 name
    [ $# -eq 0 ] || refuse_usage "users takes no $1"
    need_root users
    files=$here
    [ -f "$here/settings" ] || files=$config
    read_settings "$files" users
    need etcdctl=etcd-client
    await_majority "Nothing was done. Install the other nodes, and run this again."
    asks_for_passwords || state=$?
    [ "$state" -eq 0 ] || anonymous=yes
    # shellcheck disable=SC2154
    name=turnout-$fleet
    make_user root "$files/root-password"
    ctl user grant-role root root >/dev/null
    ctl role get "$name" >/dev/null 2>&1 || ctl role add "$name" >/dev/null
    ctl role grant-permission "$name" --prefix=true readwrite "/turnout/$fleet/" >/dev/null
    make_user "$name" "$files/password"
    ctl user grant-role "$name" "$name" >/dev/null
    [ "$state" -eq 0 ] || ctl auth enable >/dev/null
    echo "etcd asks for passwords. User $name may read and write /turnout/$fleet/ only."
}

# make_user NAME FILE: the password does not stand in the list of processes.
make_user() {
    local word=add
    ! ctl user get "$1" >/dev/null 2>&1 || word=passwd
    ctl user "$word" "$1" --interactive=false <"$2" >/dev/null
}

member() {
    local settings=/etc/turnout/application.properties own="" folder=/etc/turnout/fleet begin end kept
    while [ $# -gt 0 ]; do
        case $1 in
            --settings)
                settings=$(value "$@")
                shift
                ;;
            --address)
                own=$(value "$@")
                shift
                [[ $own =~ ^[^[:space:]]+:[0-9]+$ ]] || refuse_usage "--address $own is no HOST:PORT"
                ;;
            *) refuse_usage "$1 is not an option of member" ;;
        esac
        shift
    done
    need_root member
    read_settings "$here" member
    [ -f "$settings" ] || fail "member: there is no file $settings. Nothing was done. Install Turnout first, or say where it is by --settings."
    getent group turnout >/dev/null || fail "member: there is no group turnout here. Nothing was done. Install Turnout first."
    begin="# etcd.sh member: begin" end="# etcd.sh member: end"
    kept=$(sed "/^$begin\$/,/^$end\$/d" "$settings")
    ! grep -qE '^[[:space:]]*turnout\.fleet\.(endpoints|ca-file|cert|user|password-file|name)[[:space:]]*[=:]' <<<"$kept" ||
        fail "member: $settings has keys of a fleet already. Nothing was done. Take the keys turnout.fleet.* out of it first."

    install -d -m 750 -g turnout "$folder"
    install -m 640 -g turnout "$here/ca.pem" "$here/client.pem" "$here/password" "$folder/"
    {
        printf '%s\n' "$kept" "$begin"
        # shellcheck disable=SC2154
        cat <<SETTINGS
turnout.fleet.endpoints=$endpoints
turnout.fleet.name=$fleet
turnout.fleet.ca-file=$folder/ca.pem
turnout.fleet.cert=$folder/client.pem
turnout.fleet.user=turnout-$fleet
turnout.fleet.password-file=$folder/password
SETTINGS
        [ -z "$own" ] || echo "turnout.fleet.address=$own"
        printf '%s\n' "$end"
    } >"$settings.new"
    chown --reference="$settings" "$settings.new"
    chmod --reference="$settings" "$settings.new"
    mv "$settings.new" "$settings"
    echo "The settings are in $settings. Restart Turnout. Then on the first machine: turnout fleet init"
    echo "On each further one: turnout fleet join"
}

status() {
    [ $# -eq 0 ] || refuse_usage "status takes no $1"
    on_node status
    ctl endpoint status -w table || true
    ctl endpoint health
}

# on_node WORD: for a word that needs an installed node.
on_node() {
    need_root "$1"
    files=$config
    read_settings "$config" "$1"
    need etcdctl=etcd-client
    local state=0
    asks_for_passwords || state=$?
    [ "$state" -ne 1 ] || anonymous=yes
}

backup() {
    local to=$backups keep=14 file said
    while [ $# -gt 0 ]; do
        case $1 in
            --to)
                to=$(value "$@")
                shift
                ;;
            --keep)
                keep=$(value "$@")
                shift
                [[ $keep =~ ^[1-9][0-9]{0,3}$ ]] || refuse_usage "--keep $keep is no number from 1 to 9999"
                ;;
            *) refuse_usage "$1 is not an option of backup" ;;
        esac
        shift
    done
    on_node backup
    asked=$(url "$address" 2379)
    install -d -m 700 "$to"
    # By its own time in nanoseconds: two of one second are two files.
    file=$to/etcd-$(date -u +%Y%m%dT%H%M%S.%NZ).db
    said=$(ctl snapshot save "$file" 2>&1) || {
        rm -f "$file" "$file.part"
        fail "backup: etcd on this machine gave nothing. No file was written. Look at: turnout-etcd status. It said: $said"
    }
    find "$to" -maxdepth 1 -name 'etcd-*.db' | sort | head -n "-$keep" | while IFS= read -r old; do rm -f "$old"; done
    echo "$file"
}

restore() {
    local file program=etcdctl
    [ $# -eq 1 ] || refuse_usage "restore takes one FILE"
    file=$1
    need_root restore
    files=$config
    read_settings "$config" restore
    ! command -v etcdutl >/dev/null || program=etcdutl
    need "$program=etcd-client"
    env ETCDCTL_API=3 "$program" snapshot status "$file" >/dev/null ||
        fail "restore: $file is no backup of etcd. Nothing was done."
    rm -rf "$data/restored"
    # All nodes have to agree that they are one etcd, and not the one from before.
    env ETCDCTL_API=3 "$program" snapshot restore "$file" --data-dir "$data/restored" --name "$node" \
        --initial-cluster "$cluster" --initial-advertise-peer-urls "$(url "$address" 2380)" \
        --initial-cluster-token "restored-$(sha256sum <"$file" | cut -c 1-16)" >/dev/null 2>&1 ||
        fail "restore: $program could not read $file. etcd runs as before."
    chown -R "$unit:$unit" "$data/restored"
    systemctl stop "$unit"
    move_data_away
    mv "$data/restored" "$data/data"
    systemctl start "$unit"
    echo "Put back. Do the same on the other nodes of etcd, with the same file. The members of the fleet do not believe it"
    echo "before they are told to, by one of them: turnout fleet recover"
}

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
word=${1-}
[ $# -eq 0 ] || shift
case $word in
    --help | -h) usage ;;
    prepare) prepare "$@" ;;
    install) install_node "$@" ;;
    users) users "$@" ;;
    member) member "$@" ;;
    status) status "$@" ;;
    backup) backup "$@" ;;
    restore) restore "$@" ;;
    ctl)
        [ $# -gt 0 ] || refuse_usage "ctl needs words for etcdctl"
        on_node ctl
        ctl "$@"
        ;;
    "") refuse_usage "the word is missing" ;;
    *) refuse_usage "'$word' is no word of it" ;;
esac
