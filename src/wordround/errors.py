"""What can go wrong, in the words of a user.

Every message says what is wrong, where (file, row, column) and what to do. No message carries the text of a comment, a
handle or a native id: messages reach logs, Airflow's database and screens.
"""

from collections.abc import Callable, Sequence

from wordround.folders import documentation


class WordroundError(Exception):
    """Anything that a user can put right. The command line prints it without a traceback and exits with 1."""


class SettingsInvalid(WordroundError):
    """A setting in `wordround.toml` or in the environment is missing or wrong."""


class EnvironmentInvalid(SettingsInvalid):
    """Variables of the environment are wrong; `problems`: the name and the fault of each, never a secret."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"{variable}: {wrong}" for variable, wrong in problems))


class TrustUnusable(WordroundError):
    """A folder among those of several trusts is no trust's, or cannot be read as one; the others go on."""


class RegistryInvalid(WordroundError):
    """A row of the registry of services or of accounts cannot be used. The message names file, row and column."""


class GovernanceIncomplete(WordroundError):
    """A source may not be read yet: its governance is missing in the settings, or contradicts itself."""

    def __init__(self, source: str, settings_file: str, problems: list[tuple[str, str]]) -> None:
        self.source, self.problems = source, problems
        lines = "\n".join(f"  [{key}] {says}" for key, says in problems)
        super().__init__(
            f"{source}: nothing of this source was read, because its governance is not complete. Answer in "
            f"{settings_file} ({documentation('privacy.md#who-decides-what')} says who decides each):\n{lines}"
        )


class FileUnreadable(WordroundError):
    """The file is missing, empty, not of a supported format, or may not be read."""


class FileBeyondLimits(FileUnreadable):
    """The file, or what is packed in it, is larger, longer or slower to read than the settings allow."""


class ManifestDamaged(WordroundError):
    """The manifest of a landed batch cannot be read. Nothing was done. `batch_id`: as its file is named."""

    batch_id = ""


class FileChangedWhileRead(WordroundError):
    """The file was replaced or written while it was being read, so its rows cannot be trusted."""


class UnexpectedColumns(WordroundError):
    """The header lacks columns that the column map names.

    `names`: what the file itself says (headers, sheets), in the order of the `NAME`s in the message. It may be what
    somebody wrote, so that it is not shown before it was looked at.
    """

    NAME = "\ufffc"

    def __init__(self, message: str, names: Sequence[str] = ()) -> None:
        self.message, self.names = message, tuple(names)
        super().__init__(message, self.names)

    def __str__(self) -> str:
        return self.message.replace(self.NAME, "...")

    def naming(self, shown: Callable[[str], str]) -> "UnexpectedColumns":
        """Return the error with its names in it, each as `shown` gives it."""
        names = map(shown, self.names)
        first, *parts = self.message.split(self.NAME)
        return UnexpectedColumns("".join([first, *(f"{next(names, '...')}{part}" for part in parts)]))


class ColumnMapUnusable(WordroundError):
    """What somebody says of a file's columns makes no map. The message names the column and what to do."""


class OlderFile(WordroundError):
    """The file would bring back what a later one has corrected. Nothing of it was taken."""


class ReaderNotStarted(FileUnreadable):
    """The process that reads workbooks could not start: the machine's fault, and not that of the file."""


class ReadOtherwise(WordroundError):
    """By the settings of today the rows of a file have other ids, and it cannot be told which of before they are."""


class Incomplete(WordroundError):
    """Some files were not taken, or some queries were not answered; the others were."""


class RowsDoNotReconcile(WordroundError):
    """The rows that came in are not the sum of the outcomes. Nothing was committed."""


class AlreadyCollected(WordroundError):
    """Another run collects the source, or checks it for deletions. Nothing of it was read or asked."""


class WarehouseBusy(WordroundError):
    """Another run holds the warehouse."""


class WarehouseDamaged(WordroundError):
    """The warehouse's file or its lake is damaged, or is not a warehouse. It was left as it is."""


class LakeFailed(WordroundError):
    """The catalogue or the files of a lake cannot be reached, or what reads them is not installed."""


class WarehouseNewer(WordroundError):
    """The warehouse was written by a version of Wordround that knows more migrations. It was left as it is."""


class MigrationFailed(WordroundError):
    """The warehouse could not be brought to what this version needs. Nothing of the step was done."""


class FolderInUse(WordroundError):
    """A trust's folder cannot be laid there: something is there already, or it may not be written."""


class StorageFailed(WordroundError):
    """The disk is full, or a folder may not be written. Nothing was half done."""


class RecordsFailed(WordroundError):
    """The store of records cannot be used. Its content stays as it is."""


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


class BackupRefused(WordroundError):
    """A backup cannot be written there, or not be restored here. Nothing was done."""


class BackupUnusable(WordroundError):
    """The file of a backup is damaged, cut short, or none. Nothing was restored."""


class ErasureRefused(WordroundError):
    """An erasure is not clearly specified, or nobody has confirmed it. Nothing was erased."""


class GateFailed(WordroundError):
    """A critical expectation does not hold. What was published stays as it was."""


class BuildFailed(WordroundError):
    """dbt could not build or test the marts. What was published stays as it was."""


class NothingPublished(WordroundError):
    """There is no published warehouse yet."""


class PublicationUnusable(WordroundError):
    """What is published lacks a table, a column, a rule or a value that is read."""

    def __init__(self, lacking: str) -> None:
        super().__init__(f"{lacking} Build and publish it again.")


class UnionRefused(WordroundError):
    """Public products could not be united. The message names each file with what is wrong."""


class MonthNotThere(WordroundError):
    """No form of the month that was asked for is published. The message says which are."""


class ConversationNotThere(WordroundError):
    """No conversation of this name is declared or published. The message says which are."""


class EligibleUnusable(WordroundError):
    """The file of eligible people cannot be used. The message names file, row and column."""


class CommentNotForQuoting(WordroundError):
    """This comment may not be reworded for a quote. The reason is not given: some reasons are confidential."""


class RewriteTooClose(WordroundError):
    """Words of the original survive in the rewrite, so that a search could find its writer."""


class RewriteUnusable(WordroundError):
    """The rewrite is empty, too long, or holds what identifies a person."""


class ApprovalRefused(WordroundError):
    """A rewrite was not approved: it does not exist, or the person who wrote it tried to approve it."""


class NothingToReview(WordroundError):
    """There are no comments to draw, or no codes to compare. The message says what has to come first."""


class ReviewRefused(WordroundError):
    """A sample cannot be drawn as asked, or a file of codes cannot be used. The message says what to do."""


class OptionsInvalid(WordroundError):
    """An option of a chart is unknown, wrong, or does not fit its series. The message names it."""


class SeriesUnusable(WordroundError):
    """A cell of a series cannot be read, or cannot be charted so. The message names file, row and column."""


class DateTwice(SeriesUnusable):
    """A date stands twice in one series, so that the order of its points is not defined."""


class AlertUnknown(WordroundError):
    """No published alert has this id, or several have ids that begin so."""


class AlertChanged(WordroundError):
    """Somebody else has acted on the alert since it was looked at; `version` is the one that it has now.

    `says`: what came in between, for whoever acts on a page; the message also says what the command line offers.
    """

    def __init__(self, says: str, version: int, advice: str = "") -> None:
        self.says, self.version = says, version
        super().__init__(f"{says} {advice}".strip())


class ActionRefused(WordroundError):
    """An action on an alert lacks words, names somebody, or makes no sense. Nothing was logged.

    `says`: why, for whoever acts on a page; the message also names the option, and what the command line offers.
    """

    def __init__(self, says: str, option: str = "", advice: str = "") -> None:
        self.says = says
        super().__init__(f"{option}: {says} {advice}".removeprefix(": ").strip())


class ConversationRefused(WordroundError):
    """A conversation is not known, or cannot be declared, withdrawn or collected as it was asked for."""


class KeyRefused(WordroundError):
    """A key for programs cannot be made or withdrawn as it was asked for. Nothing was written."""


class DigestNotDelivered(WordroundError):
    """The alert digest did not reach every subscriber. The others have it; the next run tries the rest again."""


class MailRefused(WordroundError):
    """The mail server could not be reached or did not take the message."""


class ReportRenderedAnew(WordroundError):
    """Another page lies where the one was that a person decided on. It was neither decided on nor sent."""


class LakeOfAnotherHome(WordroundError):
    """The catalogue of a lake says that another home writes to it."""


class AirflowFailed(WordroundError):
    """A component of Airflow did not start, or a DAG run did not succeed."""


class CredentialMissing(WordroundError):
    """A source needs credentials, and neither the environment nor Airflow's connections hold them."""


class SourceRefused(WordroundError):
    """The source does not let us in, or does not answer this question. The message quotes its own words.

    `is_everywhere`: it would refuse everything else as well.
    """

    is_everywhere = True


class SourceDown(WordroundError):
    """The source did not answer, or only with errors of its own, until patience ended."""

    is_unreachable = False  # nothing came back at all


class CertificateNotTrusted(SourceDown):
    """The source, or what stands before it, shows a certificate that this machine does not trust."""

    is_unreachable = True


class SourceBusy(WordroundError):
    """The source asks for a longer wait than `patience_seconds` allows."""


class AnswerUnreadable(WordroundError):
    """The answer of a source does not have the documented form."""


class AnswerBeyondLimits(AnswerUnreadable):
    """The answer of a source is larger, deeper, longer or slower than the settings allow."""


class BudgetSpent(WordroundError):
    """The next request could exceed the budget of the day. It was not sent."""


class TimeSpent(BudgetSpent):
    """A run has asked a source for as long as the settings allow. The next one goes on from there."""


class ClosedSpace(WordroundError):
    """The place is not public: a closed group, a followers-only post, a forum behind a login."""
