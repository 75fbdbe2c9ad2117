"""The uploads app."""

from django.apps import AppConfig

from apps.jobs import isolation


class UploadsConfig(AppConfig):
    """Any table of records from file to AuroraX: read, check, send, verify."""

    name = "apps.uploads"

    def ready(self) -> None:
        """A new sign-in lets uploads go on that wait for one; a lost worker is followed by another."""
        from apps.accounts import account_facts, kept_sign_ins, sign_ins  # noqa: PLC0415 - models are there only after start
        from apps.activity import offers, retention  # noqa: PLC0415 - models are there only after start
        from apps.jobs import recovery  # noqa: PLC0415
        from apps.jobs.retention import register  # noqa: PLC0415
        from apps.uploads import incoming, offering, quotas, unfinished  # noqa: PLC0415
        from apps.uploads import retention as own  # noqa: PLC0415
        from apps.uploads.models import Upload  # noqa: PLC0415
        from apps.uploads.services import resume_after_sign_in  # noqa: PLC0415
        from apps.uploads.tasks import work_on  # noqa: PLC0415

        offers.register(offering.upload_offers)
        recovery.register(Upload, work_on)
        retention.holders.register(own.copies_named, own.copies_at_work)
        register("files that nobody has decided about", own.undecided)
        account_facts.register(quotas.told)
        kept_sign_ins.register(unfinished.UPLOADS)
        register("uploaded files", own.old_files)
        register("uploads to pack", own.unpacked)
        register("uploads that can be undone no longer", own.old_chunks)
        register("files of no upload", own.files_of_no_upload)
        register("files that arrived in pieces", incoming.old)
        isolation.preload(_reader_modules)
        sign_ins.register(resume_after_sign_in)


def _reader_modules() -> set[str]:
    """What reading a file needs."""
    from apps.records.types import record_types  # noqa: PLC0415 - they are registered by then

    return {"apps.uploads.reader.process", *(type(each).__module__ for each in record_types())}
