"""Drives a Junos router with unmodified PyEZ (jnpr.junos) and prints what it saw as one JSON object.

usage: pyez_session.py HOST PORT USER PRIVATE_KEY_FILE
"""
import json
import sys

from jnpr.junos import Device
from jnpr.junos.exception import LockError, RpcError
from jnpr.junos.utils.config import Config

SET = """
set system location building pyez
set security macsec connectivity-association CA_pyez cipher-suite gcm-aes-xpn-256
set security macsec connectivity-association CA_pyez security-mode static-cak
set security macsec connectivity-association CA_pyez pre-shared-key ckn %s
set security macsec connectivity-association CA_pyez pre-shared-key cak %s
""" % ("ab" * 32, "cd" * 32)

XML = """
<configuration><security><macsec><interfaces><name>et-0/0/1</name>
<connectivity-association>CA_pyez</connectivity-association></interfaces></macsec></security></configuration>
"""


def main(host, port, user, key):
    seen = {}
    device = Device(host=host, port=int(port), user=user, ssh_private_key_file=key, gather_facts=False)
    device.open()
    device.timeout = 30
    device.facts_refresh()
    wanted = ("hostname", "model", "version", "serialnumber", "master", "2RE", "personality", "current_re",
              "vc_capable", "srx_cluster", "HOME", "fqdn", "domain", "switch_style", "ifd_style", "RE0")
    seen["facts"] = {name: device.facts[name] for name in wanted}

    config = Config(device)
    config.lock()
    config.load(SET, format="set")
    config.load(XML, format="xml")
    seen["diff"] = config.diff()
    seen["check"] = config.commit_check()
    seen["commit"] = config.commit(comment="by pyez")
    seen["diff_after"] = config.diff()
    seen["rolled_back"] = config.rollback(1)
    seen["diff_rollback"] = config.diff()
    config.rollback(0)
    seen["unlocked"] = config.unlock()

    mka = device.rpc.get_mka_session_information()
    seen["mka"] = {"tag": mka.tag, "interface": mka.findtext("interface-name"), "state": mka.findtext("interface-state")}
    seen["cli"] = device.cli("show security mka sessions", warning=False)
    got = device.rpc.get_config(filter_xml="security/macsec", options={"database": "committed"})
    seen["ckn"] = got.findtext(".//ckn")
    seen["cak"] = got.findtext(".//cak")
    history = device.rpc.get_commit_information()
    seen["log"] = history.findtext("commit-history/log")

    with Config(device, mode="private") as private:
        private.load("set system location floor 3", format="set")
        seen["private_diff"] = private.diff()
        private.commit()
    with Config(device, mode="exclusive") as exclusive:
        exclusive.load("delete system location", format="set")
        exclusive.commit(confirm=2)
        exclusive.commit()

    seen["errors"] = {}
    try:
        config.lock()
        config.load("set system no-such-statement 1", format="set")
    except Exception as error:  # its class is what the test is about
        seen["errors"]["load"] = type(error).__name__
    config.rollback(0)
    config.unlock()
    try:
        config.unlock()
    except Exception as error:
        seen["errors"]["unlock"] = type(error).__name__
    try:
        device.rpc.get_no_such_thing()
    except RpcError as error:
        seen["errors"]["rpc"] = type(error).__name__

    other = Device(host=host, port=int(port), user=user, ssh_private_key_file=key, gather_facts=False).open()
    Config(other).lock()
    try:
        config.lock()
    except LockError as error:
        seen["errors"]["lock"] = error.message
    other.close()
    device.close()
    print(json.dumps(seen))


main(*sys.argv[1:])
