# shellcheck shell=sh
# Finds what a build needs on this machine, and installs what is missing with apt-get. Sourced by mvnw and deploy/demo.sh.
#
# Environment: JAVA_HOME; MVNW_REPOURL, a Maven repository to fetch Maven from; MVNW_NO_INSTALL=1, to install nothing.

machine=${0##*/}
machine_oldest_java=17
machine_oldest_maven=3.8.6

# machine_stop CODE LINE...
machine_stop() {
  machine_code=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$machine_code"
}

# machine_java_of JAVAC: the number of its Java release, such as 17; nothing without one.
machine_java_of() {
  "$1" -version 2>&1 | sed -n 's/^javac \(1\.\)\{0,1\}\([0-9]*\).*/\2/p' | head -n 1
}

# machine_has_jdk: true if there is a JDK that is new enough. Sets JAVA_HOME if the one on PATH is too old.
machine_has_jdk() {
  if [ -n "${JAVA_HOME-}" ]; then
    machine_found=$(machine_java_of "$JAVA_HOME/bin/javac")
    [ -n "$machine_found" ] || machine_stop 2 "$machine: JAVA_HOME=$JAVA_HOME has no JDK: set JAVA_HOME to a JDK $machine_oldest_java or newer, or unset it"
    [ "$machine_found" -ge "$machine_oldest_java" ] ||
      machine_stop 2 "$machine: JAVA_HOME=$JAVA_HOME is Java $machine_found: set JAVA_HOME to a JDK $machine_oldest_java or newer, or unset it"
    return 0
  fi
  machine_found=$(machine_java_of javac)
  [ "${machine_found:-0}" -lt "$machine_oldest_java" ] || return 0
  for machine_javac in $(find /usr/lib/jvm -mindepth 3 -maxdepth 3 -path '*/bin/javac' 2>/dev/null | sort -V); do
    machine_found=$(machine_java_of "$machine_javac")
    if [ "${machine_found:-0}" -ge "$machine_oldest_java" ]; then
      JAVA_HOME=${machine_javac%/bin/javac}
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

# machine_maven: the version of the mvn on PATH; nothing without one.
machine_maven() {
  mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1
}

# machine_is_new_maven VERSION
machine_is_new_maven() {
  [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$machine_oldest_maven" "$1" | sort -V | head -n 1)" = "$machine_oldest_maven" ]
}

# machine_mirror SETTINGS: the URL of the mirror of Central in Maven's settings; nothing without one.
machine_mirror() {
  [ ! -r "$1" ] || awk '
    function value(text, tag) {
      if (!match(text, "<" tag ">[^<]*")) return ""
      text = substr(text, RSTART + length(tag) + 2, RLENGTH - length(tag) - 2)
      gsub(/[ \t\r]/, "", text)
      return text
    }
    { all = all $0 " " }
    END {
      while ((from = index(all, "<!--")) > 0) {
        comment = substr(all, from)
        to = index(comment, "-->")
        all = substr(all, 1, from - 1) (to > 0 ? substr(comment, to + 3) : "")
      }
      count = split(all, mirrors, "<mirror>")
      for (i = 2; i <= count; i++) {
        sub("</mirror>.*", "", mirrors[i])
        of = "," value(mirrors[i], "mirrorOf") ","
        if (of ~ /,([*]|central|external:[*]),/ && of !~ /,!central,/ && value(mirrors[i], "blocked") != "true") {
          print value(mirrors[i], "url")
          exit
        }
      }
    }' "$1"
}

# machine_repository: where Maven can be fetched from: MVNW_REPOURL, or a mirror in the settings of the user or the system.
machine_repository() {
  if [ -n "${MVNW_REPOURL-}" ]; then
    printf '%s\n' "$MVNW_REPOURL"
    return 0
  fi
  for machine_settings in "${MAVEN_USER_HOME:-$HOME/.m2}/settings.xml" "${M2_HOME:-/usr/share/maven}/conf/settings.xml" \
    /etc/maven/settings.xml; do
    machine_mirror "$machine_settings"
  done | head -n 1
}

# machine_jdk_package: Debian's and Ubuntu's name of a JDK that is new enough.
machine_jdk_package() {
  if apt-cache show default-jdk-headless >/dev/null 2>&1 && ! apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1; then
    echo default-jdk-headless
  else
    echo openjdk-17-jdk-headless
  fi
}

# machine_apt COMMAND ARGUMENT...: apt-get as root, without questions.
machine_apt() {
  if [ "$(id -u)" -eq 0 ]; then
    DEBIAN_FRONTEND=noninteractive apt-get "$@"
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive apt-get "$@"
  fi
}

# machine_install PACKAGE...: installs packages, "jdk" among them, after one line that says so; or says what to type.
machine_install() {
  machine_packages=$(echo " $* " | sed "s/ jdk / $(machine_jdk_package) /; s/^ //; s/ $//")
  machine_line="apt-get update && apt-get install $machine_packages"
  [ "$(id -u)" -eq 0 ] || machine_line="sudo apt-get update && sudo apt-get install $machine_packages"
  command -v apt-get >/dev/null ||
    machine_stop 2 "$machine: install first what is missing: $machine_packages (or what your system calls them)"
  [ -z "${MVNW_NO_INSTALL-}" ] || machine_stop 2 "$machine: install first what is missing: $machine_line"
  [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null ||
    machine_stop 2 "$machine: install first what is missing (sudo asks for a password): $machine_line"
  echo "$machine: installing what is missing, in a minute or two (MVNW_NO_INSTALL=1 refuses): apt-get install $machine_packages" >&2
  machine_log=$(mktemp)
  # shellcheck disable=SC2046 # packages are separated by blanks; which JDK there is may be known only after the update
  if ! { machine_apt update && machine_apt install -y --no-install-recommends \
    $(echo " $* " | sed "s/ jdk / $(machine_jdk_package) /"); } </dev/null >"$machine_log" 2>&1; then
    tail -n 20 "$machine_log" >&2
    rm -f "$machine_log"
    machine_stop 2 "$machine: apt-get failed: install it yourself, and start again: $machine_line"
  fi
  rm -f "$machine_log"
}

# machine_has_maven: true if there is a Maven that is new enough, or something to fetch one with.
machine_has_maven() {
  [ -n "$(machine_maven)" ] || [ -n "$(machine_repository)" ]
}

# machine_prepare PROGRAM...: sees to a JDK, to Maven, and to programs whose packages have the same name.
machine_prepare() {
  machine_missing=
  machine_has_jdk || machine_missing="$machine_missing jdk"
  machine_has_maven || machine_missing="$machine_missing maven"
  for machine_program; do
    command -v "$machine_program" >/dev/null || machine_missing="$machine_missing $machine_program"
  done
  [ -n "$machine_missing" ] || return 0
  # shellcheck disable=SC2086 # packages are separated by blanks
  machine_install $machine_missing
  machine_has_jdk || machine_stop 2 "$machine: there is no JDK $machine_oldest_java or newer after the installation: set JAVA_HOME to one"
}

# machine_exec_maven FOLDER ARGUMENT...: runs a Maven that is new enough; returns if mvnw is to fetch one from $MVNW_REPOURL.
machine_exec_maven() {
  machine_wrapper=$1
  shift
  machine_installed=$(machine_maven)
  if machine_is_new_maven "$machine_installed"; then
    exec mvn "$@"
  fi
  if [ -n "$machine_installed" ] && [ -z "${MVNW_REPOURL-}" ]; then
    machine_exec_fetched "$@"
  fi
  # The checksum of the wrapper's properties is that of the zip.
  command -v unzip >/dev/null || machine_install unzip
  MVNW_REPOURL=$(machine_repository)
  MVNW_REPOURL=${MVNW_REPOURL%/}
}

# machine_exec_fetched ARGUMENT...: runs the wanted Maven, which an older one fetches as an artifact by its own settings.
machine_exec_fetched() {
  machine_wanted=$(sed -n 's/^distributionUrl=.*apache-maven-\([0-9.]*\)-bin.*/\1/p' "$machine_wrapper/maven-wrapper.properties")
  machine_home=${MAVEN_USER_HOME:-$HOME/.m2}/wrapper/dists/apache-maven-$machine_wanted/by-maven
  if [ ! -x "$machine_home/bin/mvn" ]; then
    echo "$machine: Maven $machine_installed is too old, so it fetches Maven $machine_wanted into $machine_home" >&2
    machine_work=$(mktemp -d)
    mvn -q -B -C org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy -DoutputDirectory="$machine_work" \
      -Dartifact="org.apache.maven:apache-maven:$machine_wanted:tar.gz:bin" </dev/null >&2 &&
      tar -xzf "$machine_work/apache-maven-$machine_wanted-bin.tar.gz" -C "$machine_work" && mkdir -p "${machine_home%/*}" &&
      { mv "$machine_work/apache-maven-$machine_wanted" "$machine_home" || [ -x "$machine_home/bin/mvn" ]; } ||
      machine_stop 1 "$machine: Maven $machine_wanted could not be fetched: set MVNW_REPOURL to a Maven repository that has it"
    rm -rf "$machine_work"
  fi
  exec "$machine_home/bin/mvn" "$@"
}
