"""What can go wrong, named as a user would name it.

Every message says what is wrong, where (file, row, column) and what to do. No message carries the text of a
comment, a handle or a native id: messages reach logs, Airflow's database and screens.
"""


class WordroundError(Exception):
    """Anything that a user can put right. The command line prints it without a traceback and exits with 1."""


class SettingsInvalid(WordroundError):
    """`wordround.toml` or an environment variable does not hold what it must."""


class FileUnreadable(WordroundError):
    """The file is missing, empty, not of a supported format, or may not be read."""


class FileChangedWhileRead(WordroundError):
    """The file was replaced or written while it was being read, so its rows cannot be trusted."""


class UnexpectedColumns(WordroundError):
    """The header does not hold the columns that the column map names."""


class FilesRefused(WordroundError):
    """Some files of a drop folder could not be taken in; the others were."""


class RowsDoNotReconcile(WordroundError):
    """Rows in are not the sum of what became of them. Nothing was committed."""


class WarehouseBusy(WordroundError):
    """Another run holds the warehouse."""


class StorageFailed(WordroundError):
    """The disk is full, or a folder may not be written. Nothing was half done."""


class RotationUnfinished(WordroundError):
    """Some stored ids are under a newer key than others. Running the rotation again finishes it."""


class ErasedMeanwhile(WordroundError):
    """Something was erased, or the key changed, while a file was read. Nothing was landed."""


class ErasureRefused(WordroundError):
    """What is to be erased is not said clearly, or nobody has confirmed it. Nothing was erased."""


class GateFailed(WordroundError):
    """A critical expectation does not hold. What was published stays as it was."""


class BuildFailed(WordroundError):
    """dbt could not build or test the marts. What was published stays as it was."""


class NothingPublished(WordroundError):
    """There is no published warehouse yet."""


class MailRefused(WordroundError):
    """The mail server could not be reached or did not take the message."""


class AirflowFailed(WordroundError):
    """A component of Airflow did not start, or a DAG run did not succeed."""
