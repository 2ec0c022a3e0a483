"""Names for the array types the planner passes around."""

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]
Texts = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Minutes = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]
