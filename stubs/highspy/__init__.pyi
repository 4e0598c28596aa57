"""What the console uses of highspy, whose own types leave the constructor out."""

from collections.abc import Sequence
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

kHighsInf: float

class HighsModelStatus(Enum):
    kOptimal = ...
    kInfeasible = ...
    kUnbounded = ...
    kUnboundedOrInfeasible = ...
    kTimeLimit = ...

class HighsVarType(Enum):
    kContinuous = ...
    kInteger = ...

class MatrixFormat(Enum):
    kRowwise = ...

class SolutionStatus(IntEnum):
    kSolutionStatusFeasible = 2

class HighsSparseMatrix:
    format_: MatrixFormat
    start_: NDArray[np.int64]
    index_: NDArray[np.int64]
    value_: NDArray[np.float64]

class HighsLp:
    num_col_: int
    num_row_: int
    col_cost_: NDArray[np.float64]
    col_lower_: NDArray[np.float64]
    col_upper_: NDArray[np.float64]
    row_lower_: NDArray[np.float64]
    row_upper_: NDArray[np.float64]
    a_matrix_: HighsSparseMatrix
    integrality_: Sequence[HighsVarType]

class HighsInfo:
    objective_function_value: float
    mip_dual_bound: float
    primal_solution_status: int

class HighsSolution:
    col_value: Sequence[float]

class Highs:
    def __init__(self) -> None: ...
    def setOptionValue(self, option: str, value: bool | int | float | str) -> object: ...
    def passModel(self, model: HighsLp) -> object: ...
    def setSolution(self, solution: HighsSolution) -> object: ...
    def run(self) -> object: ...
    def getModelStatus(self) -> HighsModelStatus: ...
    def getInfo(self) -> HighsInfo: ...
    def getSolution(self) -> HighsSolution: ...
    def modelStatusToString(self, status: HighsModelStatus) -> str: ...
