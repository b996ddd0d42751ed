"""What can go wrong, named as a user would name it.

Every message says what is wrong, where (file, row, column) and what to do. No message carries the text of a
comment, a handle or a native id: messages reach logs, Airflow's database and screens.
"""


class WordroundError(Exception):
    """Anything that a user can put right. The command line prints it without a traceback and exits with 1."""


class SettingsInvalid(WordroundError):
    """`wordround.toml` or an environment variable does not hold what it must."""


class EnvironmentInvalid(SettingsInvalid):
    """Variables of the environment cannot be used; `problems`: the name of each and what is wrong, never its value."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{variable}: {wrong}" for variable, wrong in problems))


class RegistryInvalid(WordroundError):
    """A row of the registry of services or of accounts cannot be used. The message names file, row and column."""


class GovernanceIncomplete(WordroundError):
    """A source may not be read yet: the settings do not say on what authority, or what they say cannot be right."""

    def __init__(self, source: str, settings_file: str, problems: list[tuple[str, str]]) -> None:
        self.source, self.problems = source, problems
        lines = "\n".join(f"  [{key}] {says}" for key, says in problems)
        super().__init__(
            f"{source}: nothing of this source was read, because its governance is not complete. Answer in "
            f"{settings_file} (docs/privacy.md says who decides each):\n{lines}"
        )


class FileUnreadable(WordroundError):
    """The file is missing, empty, not of a supported format, or may not be read."""


class ManifestDamaged(WordroundError):
    """What a landed batch says of itself cannot be read. Nothing was done."""


class FileChangedWhileRead(WordroundError):
    """The file was replaced or written while it was being read, so its rows cannot be trusted."""


class UnexpectedColumns(WordroundError):
    """The header does not hold the columns that the column map names."""


class Incomplete(WordroundError):
    """Some files could not be taken in, or some queries were not answered; the others were."""


class RowsDoNotReconcile(WordroundError):
    """Rows in are not the sum of what became of them. Nothing was committed."""


class WarehouseBusy(WordroundError):
    """Another run holds the warehouse."""


class StorageFailed(WordroundError):
    """The disk is full, or a folder may not be written. Nothing was half done."""


class RecordsFailed(WordroundError):
    """The store of what people write and of what was told cannot be used. What it holds stays as it is."""


class RecordsDamaged(RecordsFailed):
    """The file of the store is damaged, or part of it is missing. It is left as it is."""


class RecordsUnreachable(RecordsFailed):
    """The database server of the store is down, does not let us in, or its driver is not installed."""


class RecordsBusy(RecordsFailed):
    """Another program holds the store."""


class RecordsTooNew(RecordsFailed):
    """The store was written by a newer Wordround than this one."""


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


class PublicationUnusable(WordroundError):
    """What is published lacks a table, a column, a rule or a value that is read. Build and publish it again."""


class CommentNotForQuoting(WordroundError):
    """This comment is not one that may be put into other words. No reason is given: some reasons are confidential."""


class RewriteTooClose(WordroundError):
    """Words of the original survive in the rewrite, so that a search could find its writer."""


class RewriteUnusable(WordroundError):
    """The rewrite is empty, too long, or holds what identifies a person."""


class ApprovalRefused(WordroundError):
    """A rewrite was not approved, because there is none, or by the person who wrote it."""


class MailRefused(WordroundError):
    """The mail server could not be reached or did not take the message."""


class AirflowFailed(WordroundError):
    """A component of Airflow did not start, or a DAG run did not succeed."""


class CredentialMissing(WordroundError):
    """A source asks who is asking, and neither the environment nor Airflow's connections say."""


class SourceRefused(WordroundError):
    """The source does not let us in, or does not answer this question. Its own words are given.

    `is_everywhere`: whether it would refuse everything else as well.
    """

    is_everywhere = True


class SourceDown(WordroundError):
    """The source did not answer, or only with errors of its own, for as long as there was patience."""


class SourceBusy(WordroundError):
    """The source wants us to wait longer than there is patience."""


class AnswerUnreadable(WordroundError):
    """The source answered something that is not what it documents."""


class BudgetSpent(WordroundError):
    """The next request could pass what a day may cost. Nothing more was asked."""


class ClosedSpace(WordroundError):
    """What is asked for is not public: a closed group, a followers-only post, a forum behind a login."""
