# Starts Spark from Maven's jars, which have no scripts; deploy/lockstep calls it and sets home,
# jar, is_new, is_local, java, java_version, java_release, spark_home, vector, light_options and words.
#
# Two things are kept in driver/target/launch, and made anew when what they were made of changes:
# the command that Spark's launcher makes, and an archive of parsed and verified classes.

launch=$home/driver/target/launch
archive=$launch/classes.jsa

# All that Spark's launcher looks at.
launcher_inputs() {
  printf '%s\n' "$java $java_version $vector" "$@"
  declare -p ${!SPARK_@} HADOOP_CONF_DIR YARN_CONF_DIR LD_LIBRARY_PATH JAVA_HOME 2>/dev/null || true
  cat "$SPARK_CONF_DIR/spark-defaults.conf" "$SPARK_CONF_DIR/java-opts" 2>/dev/null || true
}

read_words() {
  local word
  command=()
  while IFS= read -r -d '' word; do
    command+=("$word")
  done
}

# Spark's launcher makes the command, as in bin/spark-submit. It is a JVM of its own, so what it
# says is kept.
make_command() {
  local inputs kept=$launch/command
  inputs=$(launcher_inputs "$@")
  # A file that is named among the words may change.
  if [[ $kept -nt $spark_home/jars && " $* " != *" --properties-file "* ]]; then
    read_words <"$kept"
    if [[ ${command[0]-} == "$inputs" ]]; then
      command=("${command[@]:1}")
      return
    fi
  fi
  read_words < <("$java" "${light_options[@]}" -cp "$spark_home/jars/*" \
    org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
  # An empty word and a line end stand before the command.
  [[ ${#command[@]} -gt 2 ]] || fail "Spark's launcher in $spark_home made no command; see above"
  command=("${command[@]:1}")
  command[0]=${command[0]#$'\n'}
  {
    mkdir -p "$launch" &&
      printf '%s\0' "$inputs" "${command[@]}" >"$kept.$$" && mv -f "$kept.$$" "$kept"
  } 2>/dev/null || true
}

# The class path that an archive can be of: jars alone, in a fixed order. Empty where Spark's
# launcher wants another one, and where conf has a file that Hadoop or Spark look for on it.
find_class_path() {
  local name slf4j LC_ALL=C
  local jars=$spark_home/jars
  slf4j=$(cd "$jars" && compgen -G "slf4j-api-*.jar" | head -n 1)
  [[ $1 == "$home/conf/:$jars/$slf4j:$jars/*" ]] || return 0
  [[ -z $(find "$home/conf" -type f ! -name '*.conf' ! -name log4j2.properties) ]] || return 0
  printf '%s' "$jar:$jars/$slf4j"
  for name in "$jars"/*.jar; do
    [[ $name == "$jars/$slf4j" ]] || printf '%s' ":$name"
  done
}

# Whether the archive was made of this; Java checks once more, and does without one that does not
# fit. An empty archive is one that could not be made.
is_archived() {
  [[ $archive -nt $jar && $archive -nt $spark_home/jars && ! $java_release -nt $archive ]] &&
    [[ $(cat "$archive.of" 2>/dev/null) == "$1" ]]
}

# A small run of this same launcher, with no settings but the project's, leaves the archive.
make_archive() {
  local scratch
  mkdir -p "$launch"
  exec 8>"$launch/.archiving"
  ! command -v flock || flock -n 8 || return 0
  scratch=$(mktemp -d "$launch/archive.XXXXXX")
  unset SPARK_HOME SPARK_CONF_DIR SPARK_SUBMIT_OPTS LOCKSTEP_SPARK_CONF LOCKSTEP_JAVA_OPTS
  LOCKSTEP_ARCHIVE=$scratch/classes "$home/deploy/lockstep" train --master 'local[2]' \
    --data 'synthetic:digits?n=2000' --set epochs=1 --out "$scratch/run" ||
    : >"$scratch/classes"
  printf '%s' "$1" >"$archive.of" && mv -f "$scratch/classes" "$archive"
  rm -rf "$scratch"
}

# The run goes first: this waits until it has ended, in a process group of its own.
make_archive_afterwards() {
  set -m
  (
    while kill -0 $$; do sleep 1; done
    renice -n 19 -p "$BASHPID"
    make_archive "$1"
  ) </dev/null >/dev/null 2>&1 &
  set +m
}

# What Java is told of the archive of a class path; one that is missing is made.
find_archive_options() {
  local of="$java_release $java_version $1"
  case ${LOCKSTEP_ARCHIVE:-on} in
    off) ;;
    on)
      if is_archived "$of"; then
        # Warnings go to stderr, since stdout is for results.
        [[ ! -s $archive ]] || early_options=(-Xshare:auto "-XX:SharedArchiveFile=$archive"
          -Xlog:disable -Xlog:all=warning:stderr)
      elif [[ $is_new == yes ]]; then
        (make_archive "$of") </dev/null >/dev/null 2>&1 || true
        is_new=no
        find_archive_options "$1"
      else
        make_archive_afterwards "$of"
      fi
      ;;
    /*) early_options=(-Xlog:disable "-XX:ArchiveClassesAtExit=$LOCKSTEP_ARCHIVE") ;;
    *) fail "LOCKSTEP_ARCHIVE = $LOCKSTEP_ARCHIVE: want on or off" ;;
  esac
}

# Starting Spark calls thousands of methods some thousand times and then never again: the optimising
# compiler, which shares the cores with the start, waits until a method is called 20 times as often
# as by default. The thresholds of the arithmetic stay what they are, and the first compiler takes
# it sooner.
compiler_options=(-XX:Tier4InvocationThreshold=100000 -XX:Tier4MinInvocationThreshold=12000
  -XX:Tier4CompileThreshold=300000 -XX:Tier4BackEdgeThreshold=800000 -XX:CompileCommand=quiet)
for room in data engine gradient kernel layer loss network optimizer random; do
  compiler_options+=("-XX:CompileCommand=CompileThresholdScaling,dev.lockstep.$room.*::*,0.05")
done

# Becomes the JVM. The arguments are for spark-submit, the words in the array of that name for us.
submit_without_scripts() {
  local -a command java_options=() early_options=()
  local at class_path=
  export SPARK_HOME=$spark_home SPARK_SCALA_VERSION=2.13
  make_command "$@"
  for ((at = 0; at < ${#command[@]}; at++)); do
    [[ ${command[at]} != -cp ]] || break
  done
  if [[ $vector == on ]]; then
    class_path=$(find_class_path "${command[at + 1]}")
    [[ -z $class_path ]] || find_archive_options "$class_path"
  fi
  # G1 gives arrays of half a region regions of their own, so that they begin where a cache line
  # does: worth a seventh of the speed. A run has little to collect: a small young generation is
  # enough.
  if [[ $is_local == yes && " ${command[*]} " != *" -XX:+Use"*GC\ * ]]; then
    early_options+=(-XX:+UseG1GC -XX:G1HeapRegionSize=1m -XX:MaxNewSize=256m)
  fi
  [[ $is_local != yes ]] || early_options+=("${compiler_options[@]}")
  # Lockstep's jar is on the class path in any case: what Spark loads by itself is in no archive.
  java_options=("${command[@]:1:at-1}" -cp "${class_path:-$jar:${command[at + 1]}}")
  for word in "${command[@]:at+2}"; do
    [[ $vector == off && $word == --add-modules=jdk.incubator.vector ]] || java_options+=("$word")
  done
  exec "${command[0]}" ${early_options[@]+"${early_options[@]}"} "${java_options[@]}" \
    ${words[@]+"${words[@]}"}
}
