#!/usr/bin/env bash
# Executes a notebook without a browser, with the class path of the examples:
#
#   dl4j-ae-examples/notebooks/execute.sh [NOTEBOOK.ipynb]
#
# Without an argument, 01-first-autoencoder.ipynb. Writes the executed notebook and an HTML page to
# dl4j-ae-examples/target/notebook; elsewhere only the usual caches of Maven (~/.m2) and JavaCPP (~/.javacpp).
#
# Needs jupyter-nbconvert, Maven and a JDK (17 or later). The Java kernel comes from Maven Central. The class
# path comes from the reactor (mvn -pl dl4j-ae-examples -am compile), so nothing has to be installed first.
set -euo pipefail

KERNEL=io.github.padreati:rapaio-jupyter-kernel:3.0.1
DEPENDENCY_PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:3.9.0
STARTS=5 # the kernel misses about one start in four on a small machine; a second one is all it takes

die() { echo "execute.sh: $*" >&2; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/dl4j-ae-examples/target/notebook
notebook=${1:-$here/01-first-autoencoder.ipynb}
case $notebook in -*) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$here/execute.sh"; exit 2 ;; esac
[ -f "$notebook" ] || die "there is no notebook $notebook"
notebook=$(cd "$(dirname "$notebook")" && pwd)/$(basename "$notebook") # the directory changes below

# 1. Tools: looked for, never installed. nbclient is asked of the Python that runs nbconvert.
packages="jupyter-core jupyter-client jupyter-nbconvert python3-nbclient"
nbconvert=$(command -v jupyter-nbconvert) || die "jupyter-nbconvert is missing; on Debian: apt-get install $packages"
python=$(sed -n '1s/^#! *//p' "$nbconvert")
$python -c 'import jupyter_client, nbclient' 2>/dev/null || die "nbclient is missing; on Debian: apt-get install $packages"
command -v mvn >/dev/null || die "mvn is missing; on Debian: apt-get install maven"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" --list-modules | grep '^jdk\.jshell' >/dev/null || die "a JDK is missing; on Debian: apt-get install openjdk-17-jdk"

# 2. The kernel and the class path. With -am the examples come last, so theirs is the path that stays in the file.
mkdir -p "$build/kernels/java" "$build/home"
cd "$root"
mvn -B -q -N "$DEPENDENCY_PLUGIN:copy" -Dartifact="$KERNEL" -DoutputDirectory="$build" -Dmdep.stripVersion=true >&2
mvn -B -q -pl dl4j-ae-examples -am compile "$DEPENDENCY_PLUGIN:build-classpath" \
    -Dmdep.includeScope=runtime -Dmdep.outputFile="$build/classpath.txt" >&2
classpath=$root/dl4j-ae-examples/target/classes:$(cat "$build/classpath.txt")

# 3. The kernel's description. This kernel wants ';' between the entries of its class path.
$python - "$build/kernels/java/kernel.json" "$java" "$build/rapaio-jupyter-kernel.jar" "$classpath" <<'PY'
import json, sys
file, java, jar, classpath = sys.argv[1:]
json.dump({
    "display_name": "Java", "language": "java", "interrupt_mode": "message",
    "argv": [java, "-Xmx2g", "-Dorg.bytedeco.javacpp.maxbytes=2g", "-Dorg.bytedeco.javacpp.maxphysicalbytes=6g",
             "-Djava.awt.headless=true",
             "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", jar, "org.rapaio.jupyter.kernel.MainApp",
             "{connection_file}"],
    "env": {"RJK_CLASSPATH": classpath.replace(":", ";"), "OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0",
            "OPENBLAS_THREAD_TIMEOUT": "18"},
}, open(file, "w"), indent=1)
PY
export JUPYTER_PATH=$build JUPYTER_NO_CONFIG=1 JUPYTER_CONFIG_DIR=$build/home JUPYTER_DATA_DIR=$build/home \
       JUPYTER_RUNTIME_DIR=$build/home IPYTHONDIR=$build/home RJK_MIMA_CACHE=$build/home

# 4. Execute. Only a kernel that did not start is tried again.
name=$(basename "$notebook" .ipynb)
log=$build/$name.log
for ((start = 1; ; start++)); do
    if "$nbconvert" --to notebook --execute --output-dir "$build" --output "$name.ipynb" \
        --ExecutePreprocessor.kernel_name=java --ExecutePreprocessor.timeout=600 \
        --ExecutePreprocessor.record_timing=False \
        --ExecutePreprocessor.startup_timeout=$((10 + 5 * start)) "$notebook" >"$log" 2>&1; then
        break
    elif ! grep -Eq "Kernel didn't respond|Kernel died before replying" "$log" || ((start == STARTS)); then
        tail -n 40 "$log" >&2
        die "$name was not executed; the whole log is $log"
    fi
    echo "execute.sh: the kernel did not start (attempt $start of $STARTS), trying again" >&2
done
"$nbconvert" --to html --output-dir "$build" --output "$name.html" "$build/$name.ipynb" >>"$log" 2>&1
echo "$build/$name.ipynb"
echo "$build/$name.html"
