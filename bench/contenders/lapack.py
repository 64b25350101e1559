"""LAPACK's SVD (gesdd) through numpy, one thread; the protocol is described in child.js."""
import sys
import time

import numpy

m, n = map(int, sys.stdin.readline().split())
M = numpy.array([float(x) for x in sys.stdin.readline().split()]).reshape(m, n)
with open("/proc/self/maps") as maps:
    lapack = "OpenBLAS" if "openblas" in maps.read() else "reference LAPACK"
print(f"numpy {numpy.__version__} ({lapack})", flush=True)
for line in sys.stdin:
    command = line.split()
    if command[0] == "run":
        begun = time.perf_counter()
        for _ in range(int(command[1])):
            U, S, VT = numpy.linalg.svd(M, full_matrices=False)
        print(time.perf_counter() - begun, flush=True)
    elif command[0] == "state":
        print(*[repr(x) for part in (U, S, VT.T) for x in part.flatten().tolist()], flush=True)
