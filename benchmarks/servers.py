"""What the benchmarks of this folder share: processes of their own, and which JVM they run on."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"
TICKS = os.sysconf("SC_CLK_TCK")


def say(text):
    print(f"[bench {time.strftime('%H:%M:%S')}] {text}", flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """A process of our own in a process group of its own, so that all of it can be stopped."""

    def __init__(self, kind, command, port, log, core=None):
        self.kind, self.port, self.log = kind, port, log
        self.output = open(log, "ab")
        self.process = subprocess.Popen(
            [*([] if core is None else ["taskset", "-c", str(core)]), *map(str, command)],
            stdout=self.output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True, cwd=log.parent)

    def pids(self):
        """The process and its children: nginx works in a child."""
        own = self.process.pid
        children = pathlib.Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return [own, *map(int, children)]

    def pin(self, core):
        for pid in self.pids():
            for task in os.listdir(f"/proc/{pid}/task"):
                try:
                    os.sched_setaffinity(int(task), {core})
                except ProcessLookupError:
                    pass  # a thread that ended meanwhile

    def cpu_seconds(self):
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def stop(self):
        for sign, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(patience)
                break
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self.output.close()


def output(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, cwd=ROOT)
    return (done.stdout + done.stderr).strip()


def java_feature(java):
    match = re.search(r'version "(\d+)', output(java, "-version"))
    return int(match.group(1)) if match else -1


def newest_java():
    homes = [pathlib.Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(p for p in pathlib.Path("/usr/lib/jvm").glob("*") if p.is_dir())
    javas = [home / "bin/java" for home in homes if (home / "bin/java").exists()]
    return max(javas, key=java_feature, default=shutil.which("java"))


def jvm(options):
    # As ./headgate run: on the newest JDKs Netty leaves Unsafe alone unless it is told that it may.
    netty = ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"] if java_feature(options.java) >= 24 else []
    return [options.java, *netty, f"-Xms{options.heap}", f"-Xmx{options.heap}", f"-XX:+Use{options.gc}GC", "-XX:ActiveProcessorCount=1",
            "-Dreactor.netty.ioWorkerCount=1", *options.jvm_args.split()]


def build(modules, scg):
    def maven(*goals):
        if subprocess.run(["./mvnw", "-B", "-ntp", "-q", *goals], cwd=ROOT).returncode:
            raise SystemExit("the build failed")
    if modules:
        say(f"building {', '.join(modules)}")
        maven("package", "-Dmaven.test.skip=true", "-P!house-rules", "-Dcyclonedx.skip=true", "-am", "-pl", ",".join(modules))
    if scg:
        say("building stock Spring Cloud Gateway")
        maven("-f", "benchmarks/stock-scg/pom.xml", "package")
