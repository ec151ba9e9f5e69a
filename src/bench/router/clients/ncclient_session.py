"""Drives a Junos router with unmodified ncclient and prints what it saw as one JSON object.

usage: ncclient_session.py HOST PORT USER PRIVATE_KEY_FILE
"""
import json
import sys

from ncclient import manager
from ncclient.operations import RPCError

EDIT = """
<config><configuration><system><location><building>ncclient</building></location></system></configuration></config>
"""


def main(host, port, user, key):
    seen = {}
    with manager.connect(host=host, port=int(port), username=user, key_filename=key, hostkey_verify=False,
                         allow_agent=False, look_for_keys=False, device_params={"name": "junos"}, timeout=30) as router:
        seen["session"] = router.session_id
        seen["candidate"] = ":candidate" in router.server_capabilities
        with router.locked("candidate"):
            router.edit_config(target="candidate", config=EDIT)
            router.load_configuration(action="set", config="set system location floor 4")
            seen["compare"] = router.compare_configuration().xpath("//configuration-output")[0].text
            router.validate()
            seen["check"] = bool(router.commit(check=True).xpath("//commit-check-success"))
            seen["commit"] = bool(router.commit(comment="by ncclient").xpath("//commit-success"))
            router.load_configuration(action="set", config="delete system location")
            router.discard_changes()
        running = router.get_config(source="running").data_xml
        seen["building"] = "ncclient" in running
        seen["mka"] = bool(router.rpc("<get-mka-session-information/>").xpath("//mka-session-information"))
        seen["version"] = router.command("show version", format="text").xpath("//output")[0].text
        try:
            router.rpc("<get-no-such-thing/>")
        except RPCError as error:
            seen["error"] = error.message
    print(json.dumps(seen))


main(*sys.argv[1:])
