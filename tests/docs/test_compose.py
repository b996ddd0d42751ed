"""docker-compose.yml, Dockerfile and .env.example agree with each other and with the code; no engine is needed."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from wordround import credentials
from wordround.cli import app
from wordround.connectors import registry
from wordround.errors import SettingsInvalid
from wordround.local_airflow import workers
from wordround.local_airflow.environment import airflow_home, prepare
from wordround.local_airflow.launch import COMPONENTS
from wordround.settings import Environment, load_settings
from wordround.web.listening import listening

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = (PROJECT / "docker-compose.yml").read_text()
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
EXAMPLE = (PROJECT / ".env.example").read_text()
DECLARED = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE)


def _airflow_services(compose):
    return {name: service for name, service in compose["services"].items() if "airflow" in str(service.get("command"))}


def test_the_compose_file_is_valid_by_the_compose_specification():
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [checker, "--builtin-schema", "vendor.compose-spec", PROJECT / "docker-compose.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_variable_of_the_compose_file_is_explained_in_the_example(compose):
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))
    passed_on = {
        name
        for service in compose["services"].values()
        for name, value in service.get("environment", {}).items()
        if value is None
    }
    assert (used | passed_on) - DECLARED == set()


READ = {f"WORDROUND_{name.upper()}" for name in Environment.model_fields}
SECRETS = {
    credentials.variable(source, name)
    for source in registry.terms()
    if registry.is_asked(source)
    for name in registry.connector(source).credentials
}
FOLDERS = {
    "WORDROUND_INBOX": "/data/inbox",
    "WORDROUND_PUBLISHED": "/data/published",
    "WORDROUND_REPORTS": "/data/reports",
    "WORDROUND_QUALITY": "/data/quality",
    "WORDROUND_BACKUPS": "/backups",
    "WORDROUND_BACKUPS_OF_KEYS": "/backups-of-keys",
}


def test_every_variable_that_the_code_reads_is_explained_in_the_example_and_no_other_is():
    only_containers = {*FOLDERS, "WORDROUND_MAIL_PORT", "WORDROUND_WEB_PORT", "WORDROUND_BACKUP_DAYS"}
    of_nobody = {"WORDROUND_TRUST"}  # Wordround itself sets it, for a process of one of several trusts
    assert {name for name in DECLARED if name.startswith("WORDROUND_")} == (
        READ - of_nobody
    ) | SECRETS | only_containers


def test_the_containers_set_no_variable_that_the_code_does_not_know(compose):
    for service in compose["services"].values():
        assert {name for name in service.get("environment", {}) if name.startswith("WORDROUND_")} <= READ | SECRETS


def test_every_secret_of_a_source_reaches_the_tasks_and_none_stands_in_the_file(compose):
    assert len(SECRETS) > 10
    tasks = compose["services"]["scheduler"]["environment"]
    assert {name: tasks.get(name, "not passed on") for name in SECRETS} == dict.fromkeys(SECRETS)


def test_the_network_of_a_trust_reaches_the_tasks_and_everything_within_is_asked_without_a_proxy(compose):
    tasks = compose["services"]["scheduler"]["environment"]
    assert [tasks.get(name, "not passed on") for name in ("SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")] == [None] * 3
    within = [tasks["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"], *re.findall(r"https?://[a-z-]+:\d+\S*", COMPOSE)]
    assert all(address.startswith("http://") for address in within)


def test_no_secret_stands_in_the_files():
    secret = (
        "POSTGRES_PASSWORD",
        "AIRFLOW_SECRET_KEY",
        "AIRFLOW_JWT_SECRET",
        "AIRFLOW_FERNET_KEY",
        "MAIL_PASSWORD",
    )
    for name in secret:
        assert f"\n{name}=\n" in EXAMPLE
        assert set(re.findall(rf"\$\{{{name}([^}}]*)\}}", COMPOSE)) == {":?see .env.example"}


def test_the_queues_need_a_password_where_there_are_queues_and_nowhere_else(compose):
    assert "\nREDIS_PASSWORD=\n" in EXAMPLE
    assert set(re.findall(r"\$\{REDIS_PASSWORD([^}]*)\}", COMPOSE)) == {":-"}, "asked of every service otherwise"
    shell = [part.replace("$$", "$") for part in compose["services"]["redis"]["command"]]
    refused = subprocess.run(shell, env={"REDIS_PASSWORD": "", "PATH": "/nowhere:/bin"}, capture_output=True, text=True)
    assert refused.returncode == 1 and "see .env.example" in refused.stderr


def test_every_port_is_on_loopback(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_a_service_depends_on_exists_and_can_reach_that_state(compose):
    for service in compose["services"].values():
        for name, wish in service.get("depends_on", {}).items():
            assert name in compose["services"]
            if wish["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][name]


def test_every_named_volume_is_declared_and_used(compose):
    used = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if isinstance(volume, str) and volume[0] not in "./$"
    }
    assert used == set(compose["volumes"])


def test_the_containers_run_the_same_components_as_one_machine_does(compose):
    commands = {
        tuple(service["command"][1:])
        for service in _airflow_services(compose).values()
        if service["command"][0] == "airflow" and "scale" not in service.get("profiles", [])
    }
    assert commands == {tuple(command) for command in COMPONENTS.values()}


def test_the_profile_scale_has_a_worker_a_queue_as_one_machine_has_and_queues_for_them(compose):
    services = {name: one for name, one in compose["services"].items() if one.get("profiles") == ["scale"]}
    assert set(services) == {"redis", "worker", "worker-warehouse"}
    in_containers = {_named(one["command"][1:]): one for one in services.values() if one["command"][0] == "airflow"}
    assert set(in_containers) == {_named(workers.command(queue)) for queue in workers.QUEUES}
    names = [one["command"][one["command"].index("--celery-hostname") + 1] for one in in_containers.values()]
    assert sorted(names) == ["default-%h", "warehouse"], "a second one of the warehouse is refused, of others not"
    for one in in_containers.values():
        assert one["depends_on"]["redis"] == {"condition": "service_healthy"}
        assert one["stop_grace_period"] == "5m"
        assert "home:/data" in one["volumes"], "they share the home, so that load finds what was collected"


def _named(command: list[str]) -> tuple[str, ...]:
    """A command without the name of the worker, which says on which machine it is."""
    place = command.index("--celery-hostname")
    return (*command[:place], *command[place + 2 :])


def test_queues_are_told_to_every_component_as_one_machine_tells_them(compose, settings_with):
    settings = settings_with(added='[engine]\nexecutor = "celery"\n')
    prepare(settings)
    workers.prepare_broker(airflow_home(settings), settings)
    of_celery = workers.options(airflow_home(settings), settings)
    for service in _airflow_services(compose).values():
        told = service["environment"]
        if "AIRFLOW__CORE__EXECUTOR" in told:
            assert {f"AIRFLOW__{name}" for name in of_celery} <= told.keys()
            assert told["AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"] == str(
                of_celery["CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"]
            )
            assert told["AIRFLOW__CORE__EXECUTOR"] == "${AIRFLOW_EXECUTOR:-LocalExecutor}"
    assert f"# AIRFLOW_EXECUTOR={of_celery['CORE__EXECUTOR']}\n" in EXAMPLE


def test_what_a_lake_needs_reaches_the_tasks_and_is_in_the_image(compose):
    for name in ("scheduler", "worker-warehouse", "backup"):
        told = compose["services"][name]["environment"]
        of_a_lake = ("WORDROUND_CATALOGUE_URL", "WORDROUND_LAKE_KEY_ID", "WORDROUND_LAKE_SECRET")
        assert {one: told.get(one, "not passed on") for one in of_a_lake} == dict.fromkeys(of_a_lake)
    installed = set(re.findall(r"-r (requirements-\w+\.lock)", DOCKERFILE))
    assert {"requirements-ducklake.lock", "requirements-celery.lock", "requirements-postgres.lock"} <= installed


def test_every_long_running_service_has_a_health_check(compose):
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert without == {"database"}


def test_nothing_with_comments_in_it_is_served_without_a_login(compose):
    """Airflow asks for one, and so do the page of caught mails and the web page; no other service has a port."""
    open_ports = {name for name, service in compose["services"].items() if "ports" in service}
    assert open_ports == {"api-server", "mail", "web"}
    assert compose["services"]["api-server"]["environment"]["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"]
    assert compose["services"]["mail"]["environment"] == {"MP_UI_AUTH": "wordround:${MAIL_PASSWORD:?see .env.example}"}


def test_the_web_page_waits_for_a_login_and_is_not_started_for_ever_without_one(compose):
    profiles = {name: service["profiles"] for name, service in compose["services"].items() if "profiles" in service}
    assert profiles.pop("web") == ["web"]
    assert all(profile == ["scale"] for profile in profiles.values())
    assert "# COMPOSE_PROFILES=web\n" in EXAMPLE and "COMPOSE_PROFILES=web" in (PROJECT / "docs/web.md").read_text()
    needs = {name for service in compose["services"].values() for name in service.get("depends_on", {})}
    assert "web" not in needs


def test_folders_of_the_machine_are_not_made_by_the_engine_as_root_and_the_example_says_who_must_own_them(compose):
    (uid,) = re.findall(r"useradd --uid (\d+)", DOCKERFILE)
    mounted = {}
    for service in compose["services"].values():
        for volume in service.get("volumes", []):
            if isinstance(volume, dict):
                assert volume["bind"] == {"create_host_path": False}
                variable, folder = re.fullmatch(r"\$\{([A-Z_]+):-\./([a-z/-]+)\}", volume["source"]).groups()
                mounted[variable] = volume["target"]
                assert f"{variable}=./{folder}\n" in EXAMPLE
                made = re.findall(rf"install -d -o {uid} .*{folder}\b", EXAMPLE)
                assert made, f"{folder}: who makes it?"
    assert mounted == FOLDERS
    # An erasure takes files out of the drop folder, and publishing replaces what is published.
    written = {volume["target"]: volume for volume in compose["services"]["scheduler"]["volumes"] if "target" in volume}
    assert not any(volume.get("read_only") for volume in written.values())
    # It writes beside the backups what a restore must not bring back; their keys it need not see.
    assert set(written) == {"/data/inbox", "/data/published", "/data/reports", "/data/quality", "/backups"}


def test_every_service_has_limits_of_memory_and_logs_and_the_tasks_time_to_end(compose):
    for name, service in compose["services"].items():
        assert service["mem_limit"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
    assert compose["services"]["scheduler"]["stop_grace_period"] == "5m"
    assert all("stop_grace_period" in service for service in _airflow_services(compose).values())


def test_a_backup_is_made_every_day_with_the_keys_apart_and_the_image_has_its_verb(compose):
    backup = compose["services"]["backup"]
    (command,) = re.findall(r"wordround (\S+ .+?);", backup["command"][-1])
    verb, *arguments = re.sub(r"\$\{\w+:-(\d+)\}", r"\1", command).split()
    folders = {volume["target"] for volume in backup["volumes"] if isinstance(volume, dict)}
    assert (verb, arguments) == ("backup", ["/backups", "--keys", "/backups-of-keys", "--keep-days", "30"])
    assert {"/backups", "/backups-of-keys"} <= folders
    assert "sleep 86400" in backup["command"][-1]
    assert get_command(app).commands[verb].params
    # What a backup takes, it must see.
    assert {"home:/data"} <= {volume for volume in backup["volumes"] if isinstance(volume, str)}


def test_containers_switch_off_what_would_phone_home_as_one_machine_does(compose, tmp_path):
    from wordround.local_airflow.environment import environment, prepare
    from wordround.settings import load_settings

    settings = load_settings()
    settings = settings.model_copy(update={"environment": settings.environment.model_copy(update={"home": tmp_path})})
    prepare(settings)
    on_one_machine = environment(settings, port=1)
    silent = (
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED",
        "AIRFLOW__CORE__LOAD_EXAMPLES",
        "DO_NOT_TRACK",
        "GX_ANALYTICS_ENABLED",
        "DBT_SEND_ANONYMOUS_USAGE_STATS",
    )
    for service in _airflow_services(compose).values():
        assert {name: service["environment"][name] for name in silent} == {
            name: on_one_machine[name] for name in silent
        }


def test_the_image_installs_only_what_is_pinned_with_hashes_and_copies_only_what_exists():
    installs = re.findall(r"pip install (.+?)(?: \\|$)", DOCKERFILE, re.MULTILINE)
    own = [line for line in installs if "--editable ." in line]
    assert len(own) == 1
    assert "--no-deps" in own[0]
    assert all("--require-hashes -r" in line for line in installs if line not in own)
    assert any("requirements.lock" in line for line in installs)
    for sources in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (PROJECT / source).exists(), source


def test_the_image_holds_every_folder_that_the_code_looks_for():
    copied = set(" ".join(re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)).split())
    assert {"src", "dags", "dbt", "expectations", "wordround.toml"} <= copied
    ignored = (PROJECT / ".dockerignore").read_text()
    assert all(f"!{name}" in ignored or name.endswith(".lock") for name in copied)


def test_the_web_page_listens_in_its_container_only_where_people_log_in(compose, tmp_path):
    web = compose["services"]["web"]
    program, verb, *options = web["command"]
    assert (program, verb, options) == ("wordround", "serve", ["--all-addresses", "--port", "8790"])
    assert all(port.endswith(f":{options[2]}") for port in web["ports"])
    known = {option for parameter in get_command(app).commands["serve"].params for option in parameter.opts}
    assert {"--all-addresses", "--port"} <= known
    settings = load_settings()
    assert settings.web.login == "off", "the settings of the image, which are the project's"
    with pytest.raises(SettingsInvalid, match="login is off"):
        listening(settings, on_all_addresses=True)


def test_the_web_page_reads_what_is_published_and_has_no_secret_of_a_source_or_of_airflow(compose):
    web = compose["services"]["web"]
    assert SECRETS.isdisjoint(web["environment"])
    assert not [name for name in web["environment"] if "FERNET" in name or "JWT" in name or "SQL_ALCHEMY" in name]
    mounted = {volume["target"]: volume for volume in web["volumes"] if isinstance(volume, dict)}
    assert set(mounted) == {"/data/published", "/data/reports", "/data/quality"}
    assert all(volume["read_only"] for volume in mounted.values())
    tasks = compose["services"]["scheduler"]["environment"]
    same = ("AIRFLOW_HOME", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "WORDROUND_HOME", "WORDROUND_CONFIG")
    assert {name: web["environment"][name] for name in same} == {name: tasks[name] for name in same}
