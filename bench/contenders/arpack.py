"""ARPACK's truncated SVD (scipy.sparse.linalg.svds, tol 1e-6), one thread, in CPU seconds.

Told: rows, columns, k; data; indices; indptr. Then `run COUNT` gives seconds, `state` the singular values."""
import sys
import time

import numpy
import scipy
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

rows, columns, k = map(int, sys.stdin.readline().split())
read = lambda kind: numpy.array(sys.stdin.readline().split(), dtype=kind)
M = csr_matrix((read(float), read(numpy.int32), read(numpy.int32)), shape=(rows, columns))
print(f"scipy {scipy.__version__}", flush=True)
for line in sys.stdin:
    command = line.split()
    if command[0] == "run":
        begun = time.process_time()
        for _ in range(int(command[1])):
            U, S, VT = svds(M, k=k, tol=1e-6)
        print(time.process_time() - begun, 0, flush=True)
    elif command[0] == "state":
        print(*[repr(x) for x in sorted(S.tolist(), reverse=True)], flush=True)
