// Generated from inventory.schema.json and original-dictionary.schema.json by build/compile-schemas.ts: not to be edited.
const note = (violations, instancePath, keyword, params = {}) => violations.push({ instancePath, keyword, params }), segment = (name) => name.replace(/~/g, "~0").replace(/\//g, "~1"), validateInventory = validate22;
const schema8 = { properties: { "//": !0, max_threads: !0, rotation: !0, ssh: !0, netconf: !0, kme: !0, certificates: !0, alarms: !0, event_options: !0 } }, func2 = Object.prototype.hasOwnProperty, schema9 = { properties: { "//": !0, interval: !0, lead: !0, margin: !0, ring: !0, max_clock_difference: !0, wait: !0, poll: !0, keys_per_commit: !0 } };
function validate24(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      func2.call(schema9.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.interval !== void 0) {
      let data0 = data.interval;
      Number.isInteger(data0) || (errors = note(vErrors ??= [], instancePath + "/interval", "type")), typeof data0 == "number" && (data0 > 2592e3 && (errors = note(vErrors ??= [], instancePath + "/interval", "maximum")), data0 < 1 && (errors = note(vErrors ??= [], instancePath + "/interval", "minimum")));
    }
    if (data.lead !== void 0) {
      let data1 = data.lead;
      Number.isInteger(data1) || (errors = note(vErrors ??= [], instancePath + "/lead", "type")), typeof data1 == "number" && (data1 > 31536e3 && (errors = note(vErrors ??= [], instancePath + "/lead", "maximum")), data1 < 1 && (errors = note(vErrors ??= [], instancePath + "/lead", "minimum")));
    }
    if (data.margin !== void 0) {
      let data2 = data.margin;
      Number.isInteger(data2) || (errors = note(vErrors ??= [], instancePath + "/margin", "type")), typeof data2 == "number" && (data2 > 2592e3 && (errors = note(vErrors ??= [], instancePath + "/margin", "maximum")), data2 < 1 && (errors = note(vErrors ??= [], instancePath + "/margin", "minimum")));
    }
    if (data.ring !== void 0) {
      let data3 = data.ring;
      Number.isInteger(data3) || (errors = note(vErrors ??= [], instancePath + "/ring", "type")), typeof data3 == "number" && (data3 > 64 && (errors = note(vErrors ??= [], instancePath + "/ring", "maximum")), data3 < 3 && (errors = note(vErrors ??= [], instancePath + "/ring", "minimum")));
    }
    if (data.max_clock_difference !== void 0) {
      let data4 = data.max_clock_difference;
      typeof data4 == "number" ? (data4 > 6 && (errors = note(vErrors ??= [], instancePath + "/max_clock_difference", "maximum")), data4 <= 0 && (errors = note(vErrors ??= [], instancePath + "/max_clock_difference", "exclusiveMinimum"))) : errors = note(vErrors ??= [], instancePath + "/max_clock_difference", "type");
    }
    if (data.wait !== void 0) {
      let data5 = data.wait;
      typeof data5 == "number" ? (data5 > 86400 && (errors = note(vErrors ??= [], instancePath + "/wait", "maximum")), data5 < 0 && (errors = note(vErrors ??= [], instancePath + "/wait", "minimum"))) : errors = note(vErrors ??= [], instancePath + "/wait", "type");
    }
    if (data.poll !== void 0) {
      let data6 = data.poll;
      typeof data6 == "number" ? (data6 > 3600 && (errors = note(vErrors ??= [], instancePath + "/poll", "maximum")), data6 <= 0 && (errors = note(vErrors ??= [], instancePath + "/poll", "exclusiveMinimum"))) : errors = note(vErrors ??= [], instancePath + "/poll", "type");
    }
    if (data.keys_per_commit !== void 0) {
      let data7 = data.keys_per_commit;
      Number.isInteger(data7) || (errors = note(vErrors ??= [], instancePath + "/keys_per_commit", "type")), typeof data7 == "number" && (data7 > 16 && (errors = note(vErrors ??= [], instancePath + "/keys_per_commit", "maximum")), data7 < 1 && (errors = note(vErrors ??= [], instancePath + "/keys_per_commit", "minimum")));
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate24.errors = vErrors, errors === 0;
}
const pattern0 = new RegExp("^[^\\u0000-\\u001f\\u007f]{1,4096}$", "u");
function validate27(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern0.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate27.errors = vErrors, errors === 0;
}
function validate26(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      key0 === "//" || key0 === "attempts" || key0 === "delay" || key0 === "timeout" || key0 === "host_key_policy" || key0 === "known_hosts_file" || key0 === "pace" || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.attempts !== void 0) {
      let data0 = data.attempts;
      Number.isInteger(data0) || (errors = note(vErrors ??= [], instancePath + "/attempts", "type")), typeof data0 == "number" && (data0 > 100 && (errors = note(vErrors ??= [], instancePath + "/attempts", "maximum")), data0 < 1 && (errors = note(vErrors ??= [], instancePath + "/attempts", "minimum")));
    }
    if (data.delay !== void 0) {
      let data1 = data.delay;
      typeof data1 == "number" ? (data1 > 3600 && (errors = note(vErrors ??= [], instancePath + "/delay", "maximum")), data1 < 0 && (errors = note(vErrors ??= [], instancePath + "/delay", "minimum"))) : errors = note(vErrors ??= [], instancePath + "/delay", "type");
    }
    if (data.timeout !== void 0) {
      let data2 = data.timeout;
      typeof data2 == "number" ? (data2 > 3600 && (errors = note(vErrors ??= [], instancePath + "/timeout", "maximum")), data2 <= 0 && (errors = note(vErrors ??= [], instancePath + "/timeout", "exclusiveMinimum"))) : errors = note(vErrors ??= [], instancePath + "/timeout", "type");
    }
    if (data.host_key_policy !== void 0) {
      let data3 = data.host_key_policy;
      typeof data3 != "string" && (errors = note(vErrors ??= [], instancePath + "/host_key_policy", "type")), data3 === "strict" || data3 === "accept-new" || (errors = note(vErrors ??= [], instancePath + "/host_key_policy", "enum"));
    }
    if (data.known_hosts_file !== void 0 && (validate27(data.known_hosts_file, { instancePath: instancePath + "/known_hosts_file" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.pace !== void 0) {
      let data5 = data.pace;
      Number.isInteger(data5) || (errors = note(vErrors ??= [], instancePath + "/pace", "type")), typeof data5 == "number" && (data5 > 1e3 && (errors = note(vErrors ??= [], instancePath + "/pace", "maximum")), data5 < 1 && (errors = note(vErrors ??= [], instancePath + "/pace", "minimum")));
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate26.errors = vErrors, errors === 0;
}
function validate31(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern0.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate31.errors = vErrors, errors === 0;
}
function validate30(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      key0 === "//" || key0 === "mgd_command" || key0 === "mgd_socket" || key0 === "rpc_timeout" || key0 === "commit_timeout" || key0 === "lock_wait" || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.mgd_command !== void 0) {
      let data0 = data.mgd_command;
      if (Array.isArray(data0)) {
        data0.length > 32 && (errors = note(vErrors ??= [], instancePath + "/mgd_command", "maxItems")), data0.length < 1 && (errors = note(vErrors ??= [], instancePath + "/mgd_command", "minItems"));
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate31(data0[i0], { instancePath: instancePath + "/mgd_command/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate31.errors), errors = vErrors.length);
      } else
        errors = note(vErrors ??= [], instancePath + "/mgd_command", "type");
    }
    if (data.mgd_socket !== void 0 && (validate27(data.mgd_socket, { instancePath: instancePath + "/mgd_socket" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.rpc_timeout !== void 0) {
      let data3 = data.rpc_timeout;
      typeof data3 == "number" ? (data3 > 86400 && (errors = note(vErrors ??= [], instancePath + "/rpc_timeout", "maximum")), data3 <= 0 && (errors = note(vErrors ??= [], instancePath + "/rpc_timeout", "exclusiveMinimum"))) : errors = note(vErrors ??= [], instancePath + "/rpc_timeout", "type");
    }
    if (data.commit_timeout !== void 0) {
      let data4 = data.commit_timeout;
      typeof data4 == "number" ? (data4 > 86400 && (errors = note(vErrors ??= [], instancePath + "/commit_timeout", "maximum")), data4 <= 0 && (errors = note(vErrors ??= [], instancePath + "/commit_timeout", "exclusiveMinimum"))) : errors = note(vErrors ??= [], instancePath + "/commit_timeout", "type");
    }
    if (data.lock_wait !== void 0) {
      let data5 = data.lock_wait;
      typeof data5 == "number" ? (data5 > 86400 && (errors = note(vErrors ??= [], instancePath + "/lock_wait", "maximum")), data5 < 0 && (errors = note(vErrors ??= [], instancePath + "/lock_wait", "minimum"))) : errors = note(vErrors ??= [], instancePath + "/lock_wait", "type");
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate30.errors = vErrors, errors === 0;
}
function validate35(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      key0 === "//" || key0 === "attempt_timeout" || key0 === "deadline" || key0 === "propagation_attempts" || key0 === "retention" || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.attempt_timeout !== void 0) {
      let data0 = data.attempt_timeout;
      typeof data0 == "number" ? (data0 > 3600 && (errors = note(vErrors ??= [], instancePath + "/attempt_timeout", "maximum")), data0 <= 0 && (errors = note(vErrors ??= [], instancePath + "/attempt_timeout", "exclusiveMinimum"))) : errors = note(vErrors ??= [], instancePath + "/attempt_timeout", "type");
    }
    if (data.deadline !== void 0) {
      let data1 = data.deadline;
      typeof data1 == "number" ? (data1 > 3600 && (errors = note(vErrors ??= [], instancePath + "/deadline", "maximum")), data1 <= 0 && (errors = note(vErrors ??= [], instancePath + "/deadline", "exclusiveMinimum"))) : errors = note(vErrors ??= [], instancePath + "/deadline", "type");
    }
    if (data.propagation_attempts !== void 0) {
      let data2 = data.propagation_attempts;
      Number.isInteger(data2) || (errors = note(vErrors ??= [], instancePath + "/propagation_attempts", "type")), typeof data2 == "number" && (data2 > 100 && (errors = note(vErrors ??= [], instancePath + "/propagation_attempts", "maximum")), data2 < 1 && (errors = note(vErrors ??= [], instancePath + "/propagation_attempts", "minimum")));
    }
    if (data.retention !== void 0) {
      let data3 = data.retention;
      typeof data3 == "number" ? (data3 > 31536e3 && (errors = note(vErrors ??= [], instancePath + "/retention", "maximum")), data3 < 0 && (errors = note(vErrors ??= [], instancePath + "/retention", "minimum"))) : errors = note(vErrors ??= [], instancePath + "/retention", "type");
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate35.errors = vErrors, errors === 0;
}
const schema15 = { properties: { "//": !0, min_valid_days: !0, lifetime_days: !0, ca_lifetime_days: !0, backdate: !0, key: !0, subject_alternative_name: !0, days: !0, from: !0, until: !0, retry: !0, router_folder: !0 } };
const pattern2 = new RegExp("^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", "u");
function validate38(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern2.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate38.errors = vErrors, errors === 0;
}
const pattern3 = new RegExp("^[A-Za-z0-9_./][A-Za-z0-9_@%+=:,./-]{0,1023}$", "u");
function validate41(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern3.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate41.errors = vErrors, errors === 0;
}
function validate37(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      func2.call(schema15.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.min_valid_days !== void 0) {
      let data0 = data.min_valid_days;
      Number.isInteger(data0) || (errors = note(vErrors ??= [], instancePath + "/min_valid_days", "type")), typeof data0 == "number" && (data0 > 3650 && (errors = note(vErrors ??= [], instancePath + "/min_valid_days", "maximum")), data0 < 1 && (errors = note(vErrors ??= [], instancePath + "/min_valid_days", "minimum")));
    }
    if (data.lifetime_days !== void 0) {
      let data1 = data.lifetime_days;
      Number.isInteger(data1) || (errors = note(vErrors ??= [], instancePath + "/lifetime_days", "type")), typeof data1 == "number" && (data1 > 3650 && (errors = note(vErrors ??= [], instancePath + "/lifetime_days", "maximum")), data1 < 2 && (errors = note(vErrors ??= [], instancePath + "/lifetime_days", "minimum")));
    }
    if (data.ca_lifetime_days !== void 0) {
      let data2 = data.ca_lifetime_days;
      Number.isInteger(data2) || (errors = note(vErrors ??= [], instancePath + "/ca_lifetime_days", "type")), typeof data2 == "number" && (data2 > 9131 && (errors = note(vErrors ??= [], instancePath + "/ca_lifetime_days", "maximum")), data2 < 30 && (errors = note(vErrors ??= [], instancePath + "/ca_lifetime_days", "minimum")));
    }
    if (data.backdate !== void 0) {
      let data3 = data.backdate;
      Number.isInteger(data3) || (errors = note(vErrors ??= [], instancePath + "/backdate", "type")), typeof data3 == "number" && (data3 > 604800 && (errors = note(vErrors ??= [], instancePath + "/backdate", "maximum")), data3 < 0 && (errors = note(vErrors ??= [], instancePath + "/backdate", "minimum")));
    }
    if (data.key !== void 0) {
      let data4 = data.key;
      typeof data4 != "string" && (errors = note(vErrors ??= [], instancePath + "/key", "type")), data4 === "rsa-2048" || data4 === "rsa-3072" || data4 === "rsa-4096" || data4 === "ec-p256" || (errors = note(vErrors ??= [], instancePath + "/key", "enum"));
    }
    if (data.subject_alternative_name !== void 0 && typeof data.subject_alternative_name != "boolean" && (errors = note(vErrors ??= [], instancePath + "/subject_alternative_name", "type")), data.days !== void 0) {
      let data6 = data.days;
      if (Array.isArray(data6)) {
        data6.length > 31 && (errors = note(vErrors ??= [], instancePath + "/days", "maxItems")), data6.length < 1 && (errors = note(vErrors ??= [], instancePath + "/days", "minItems"));
        const len0 = data6.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data7 = data6[i0];
          Number.isInteger(data7) || (errors = note(vErrors ??= [], instancePath + "/days/" + i0, "type")), typeof data7 == "number" && (data7 > 31 && (errors = note(vErrors ??= [], instancePath + "/days/" + i0, "maximum")), data7 < 1 && (errors = note(vErrors ??= [], instancePath + "/days/" + i0, "minimum")));
        }
      } else
        errors = note(vErrors ??= [], instancePath + "/days", "type");
    }
    if (data.from !== void 0 && (validate38(data.from, { instancePath: instancePath + "/from" }) || (vErrors = (vErrors ?? []).concat(validate38.errors), errors = vErrors.length)), data.until !== void 0 && (validate38(data.until, { instancePath: instancePath + "/until" }) || (vErrors = (vErrors ?? []).concat(validate38.errors), errors = vErrors.length)), data.retry !== void 0) {
      let data10 = data.retry;
      Number.isInteger(data10) || (errors = note(vErrors ??= [], instancePath + "/retry", "type")), typeof data10 == "number" && (data10 > 604800 && (errors = note(vErrors ??= [], instancePath + "/retry", "maximum")), data10 < 1 && (errors = note(vErrors ??= [], instancePath + "/retry", "minimum")));
    }
    data.router_folder !== void 0 && (validate41(data.router_folder, { instancePath: instancePath + "/router_folder" }) || (vErrors = (vErrors ?? []).concat(validate41.errors), errors = vErrors.length));
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate37.errors = vErrors, errors === 0;
}
const pattern4 = new RegExp("^20[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])\\.(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?: [+-][0-9]{4})?$", "u");
function validate45(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern4.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate45.errors = vErrors, errors === 0;
}
function validate23(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      func2.call(schema8.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.max_threads !== void 0) {
      let data0 = data.max_threads;
      Number.isInteger(data0) || (errors = note(vErrors ??= [], instancePath + "/max_threads", "type")), typeof data0 == "number" && (data0 > 1e3 && (errors = note(vErrors ??= [], instancePath + "/max_threads", "maximum")), data0 < 1 && (errors = note(vErrors ??= [], instancePath + "/max_threads", "minimum")));
    }
    if (data.rotation !== void 0 && (validate24(data.rotation, { instancePath: instancePath + "/rotation" }) || (vErrors = (vErrors ?? []).concat(validate24.errors), errors = vErrors.length)), data.ssh !== void 0 && (validate26(data.ssh, { instancePath: instancePath + "/ssh" }) || (vErrors = (vErrors ?? []).concat(validate26.errors), errors = vErrors.length)), data.netconf !== void 0 && (validate30(data.netconf, { instancePath: instancePath + "/netconf" }) || (vErrors = (vErrors ?? []).concat(validate30.errors), errors = vErrors.length)), data.kme !== void 0 && (validate35(data.kme, { instancePath: instancePath + "/kme" }) || (vErrors = (vErrors ?? []).concat(validate35.errors), errors = vErrors.length)), data.certificates !== void 0 && (validate37(data.certificates, { instancePath: instancePath + "/certificates" }) || (vErrors = (vErrors ?? []).concat(validate37.errors), errors = vErrors.length)), data.alarms !== void 0) {
      let data6 = data.alarms;
      if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
        for (const key1 in data6)
          key1 === "//" || key1 === "command" || key1 === "stalled_after" || key1 === "certificate_days" || (errors = note(vErrors ??= [], instancePath + "/alarms", "additionalProperties", { additionalProperty: key1 }));
        if (data6.command !== void 0) {
          let data7 = data6.command;
          if (Array.isArray(data7)) {
            data7.length > 32 && (errors = note(vErrors ??= [], instancePath + "/alarms/command", "maxItems")), data7.length < 1 && (errors = note(vErrors ??= [], instancePath + "/alarms/command", "minItems"));
            const len0 = data7.length;
            for (let i0 = 0; i0 < len0; i0++)
              validate31(data7[i0], { instancePath: instancePath + "/alarms/command/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate31.errors), errors = vErrors.length);
          } else
            errors = note(vErrors ??= [], instancePath + "/alarms/command", "type");
        }
        if (data6.stalled_after !== void 0) {
          let data9 = data6.stalled_after;
          typeof data9 == "number" ? (data9 > 1e3 && (errors = note(vErrors ??= [], instancePath + "/alarms/stalled_after", "maximum")), data9 < 1.5 && (errors = note(vErrors ??= [], instancePath + "/alarms/stalled_after", "minimum"))) : errors = note(vErrors ??= [], instancePath + "/alarms/stalled_after", "type");
        }
        if (data6.certificate_days !== void 0) {
          let data10 = data6.certificate_days;
          typeof data10 == "number" ? (data10 > 3650 && (errors = note(vErrors ??= [], instancePath + "/alarms/certificate_days", "maximum")), data10 < 0 && (errors = note(vErrors ??= [], instancePath + "/alarms/certificate_days", "minimum"))) : errors = note(vErrors ??= [], instancePath + "/alarms/certificate_days", "type");
        }
      } else
        errors = note(vErrors ??= [], instancePath + "/alarms", "type");
    }
    if (data.event_options !== void 0) {
      let data11 = data.event_options;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        for (const key2 in data11)
          key2 === "//" || key2 === "start_time" || (errors = note(vErrors ??= [], instancePath + "/event_options", "additionalProperties", { additionalProperty: key2 }));
        data11.start_time !== void 0 && (validate45(data11.start_time, { instancePath: instancePath + "/event_options/start_time" }) || (vErrors = (vErrors ?? []).concat(validate45.errors), errors = vErrors.length));
      } else
        errors = note(vErrors ??= [], instancePath + "/event_options", "type");
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate23.errors = vErrors, errors === 0;
}
const pattern5 = new RegExp("^[^{}\\u0000-\\u001f\\u007f]{0,2048}\\{\\}[^{}\\u0000-\\u001f\\u007f]{0,2048}$", "u");
function validate53(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern5.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate53.errors = vErrors, errors === 0;
}
const pattern6 = new RegExp("^[A-Za-z0-9_@%+=:,./-]{0,900}\\{\\}[A-Za-z0-9_@%+=:,./-]{0,900}$", "u");
function validate48(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      key0 === "//" || key0 === "home" || key0 === "certificates" || key0 === "records" || key0 === "logs" || key0 === "record" || key0 === "peer_record" || key0 === "record_mode" || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.home !== void 0 && (validate27(data.home, { instancePath: instancePath + "/home" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.certificates !== void 0 && (validate27(data.certificates, { instancePath: instancePath + "/certificates" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.records !== void 0 && (validate27(data.records, { instancePath: instancePath + "/records" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.logs !== void 0 && (validate27(data.logs, { instancePath: instancePath + "/logs" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.record !== void 0 && (validate53(data.record, { instancePath: instancePath + "/record" }) || (vErrors = (vErrors ?? []).concat(validate53.errors), errors = vErrors.length)), data.peer_record !== void 0) {
      let data5 = data.peer_record;
      typeof data5 == "string" ? pattern6.test(data5) || (errors = note(vErrors ??= [], instancePath + "/peer_record", "pattern")) : errors = note(vErrors ??= [], instancePath + "/peer_record", "type");
    }
    if (data.record_mode !== void 0) {
      let data6 = data.record_mode;
      data6 === "0600" || data6 === "0640" || data6 === "0644" || (errors = note(vErrors ??= [], instancePath + "/record_mode", "enum"));
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate48.errors = vErrors, errors === 0;
}
const schema21 = { properties: { "//": !0, username: !0, peer_username: !0, password: !0, password_file: !0, password_env: !0, private_key_file: !0, passphrase_file: !0, passphrase_env: !0 } };
const pattern7 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}$", "u");
function validate57(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern7.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate57.errors = vErrors, errors === 0;
}
const pattern8 = new RegExp("^[^\\u0000-\\u001f\\u007f]{1,1024}$", "u");
function validate60(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern8.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate60.errors = vErrors, errors === 0;
}
const pattern9 = new RegExp("^(?![0-9A-Fa-f]{32,128}$|-----BEGIN)[^\\u0000-\\u001f\\u007f]{1,4096}$", "u");
function validate62(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern9.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate62.errors = vErrors, errors === 0;
}
const pattern10 = new RegExp("^(?![0-9A-Fa-f]{32,128}$)[A-Za-z_][A-Za-z0-9_]{0,127}$", "u");
function validate64(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern10.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate64.errors = vErrors, errors === 0;
}
function validate56(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      func2.call(schema21.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    data.username !== void 0 && (validate57(data.username, { instancePath: instancePath + "/username" }) || (vErrors = (vErrors ?? []).concat(validate57.errors), errors = vErrors.length)), data.peer_username !== void 0 && (validate57(data.peer_username, { instancePath: instancePath + "/peer_username" }) || (vErrors = (vErrors ?? []).concat(validate57.errors), errors = vErrors.length)), data.password !== void 0 && (validate60(data.password, { instancePath: instancePath + "/password" }) || (vErrors = (vErrors ?? []).concat(validate60.errors), errors = vErrors.length)), data.password_file !== void 0 && (validate62(data.password_file, { instancePath: instancePath + "/password_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data.password_env !== void 0 && (validate64(data.password_env, { instancePath: instancePath + "/password_env" }) || (vErrors = (vErrors ?? []).concat(validate64.errors), errors = vErrors.length)), data.private_key_file !== void 0 && (validate62(data.private_key_file, { instancePath: instancePath + "/private_key_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data.passphrase_file !== void 0 && (validate62(data.passphrase_file, { instancePath: instancePath + "/passphrase_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data.passphrase_env !== void 0 && (validate64(data.passphrase_env, { instancePath: instancePath + "/passphrase_env" }) || (vErrors = (vErrors ?? []).concat(validate64.errors), errors = vErrors.length));
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate56.errors = vErrors, errors === 0;
}
const schema26 = { properties: { "//": !0, ca_cert: !0, ca_server_ip: !0, ca_port: !0, ca_host_key: !0, ca_user: !0, ca_private_key_file: !0, ca_common_name: !0, ca_pass: !0, ca_pass_file: !0, ca_pass_env: !0, ca_path: !0, ca_cert_name: !0, ca_key_name: !0 } };
const pattern11 = new RegExp("^[A-Za-z0-9:][A-Za-z0-9._:%-]{0,252}$", "u");
function validate71(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern11.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate71.errors = vErrors, errors === 0;
}
const pattern12 = new RegExp("^SHA256:[A-Za-z0-9+/]{43}=?$", "u");
function validate73(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern12.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate73.errors = vErrors, errors === 0;
}
const pattern15 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_@%+=:,.-]{0,254}$", "u");
function validate81(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern15.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate81.errors = vErrors, errors === 0;
}
const pattern14 = new RegExp("^[ -~]{1,48}$", "u");
function validate70(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      func2.call(schema26.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.ca_cert !== void 0) {
      let data0 = data.ca_cert;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (const key1 in data0)
          key1 === "//" || key1 === "fetch" || key1 === "generate" || (errors = note(vErrors ??= [], instancePath + "/ca_cert", "additionalProperties", { additionalProperty: key1 }));
        data0.fetch !== void 0 && typeof data0.fetch != "boolean" && (errors = note(vErrors ??= [], instancePath + "/ca_cert/fetch", "type")), data0.generate !== void 0 && typeof data0.generate != "boolean" && (errors = note(vErrors ??= [], instancePath + "/ca_cert/generate", "type"));
      } else
        errors = note(vErrors ??= [], instancePath + "/ca_cert", "type");
    }
    if (data.ca_server_ip !== void 0 && (validate71(data.ca_server_ip, { instancePath: instancePath + "/ca_server_ip" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length)), data.ca_port !== void 0) {
      let data4 = data.ca_port;
      Number.isInteger(data4) || (errors = note(vErrors ??= [], instancePath + "/ca_port", "type")), typeof data4 == "number" && (data4 > 65535 && (errors = note(vErrors ??= [], instancePath + "/ca_port", "maximum")), data4 < 1 && (errors = note(vErrors ??= [], instancePath + "/ca_port", "minimum")));
    }
    if (data.ca_host_key !== void 0) {
      let data5 = data.ca_host_key;
      if (typeof data5 != "string" && !Array.isArray(data5) && (errors = note(vErrors ??= [], instancePath + "/ca_host_key", "type")), typeof data5 == "string" && (pattern12.test(data5) || (errors = note(vErrors ??= [], instancePath + "/ca_host_key", "pattern"))), Array.isArray(data5)) {
        data5.length > 16 && (errors = note(vErrors ??= [], instancePath + "/ca_host_key", "maxItems")), data5.length < 1 && (errors = note(vErrors ??= [], instancePath + "/ca_host_key", "minItems"));
        const len0 = data5.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate73(data5[i0], { instancePath: instancePath + "/ca_host_key/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate73.errors), errors = vErrors.length);
      }
    }
    if (data.ca_user !== void 0 && (validate57(data.ca_user, { instancePath: instancePath + "/ca_user" }) || (vErrors = (vErrors ?? []).concat(validate57.errors), errors = vErrors.length)), data.ca_private_key_file !== void 0 && (validate62(data.ca_private_key_file, { instancePath: instancePath + "/ca_private_key_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data.ca_common_name !== void 0) {
      let data9 = data.ca_common_name;
      typeof data9 == "string" ? pattern14.test(data9) || (errors = note(vErrors ??= [], instancePath + "/ca_common_name", "pattern")) : errors = note(vErrors ??= [], instancePath + "/ca_common_name", "type");
    }
    data.ca_pass !== void 0 && (validate60(data.ca_pass, { instancePath: instancePath + "/ca_pass" }) || (vErrors = (vErrors ?? []).concat(validate60.errors), errors = vErrors.length)), data.ca_pass_file !== void 0 && (validate62(data.ca_pass_file, { instancePath: instancePath + "/ca_pass_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data.ca_pass_env !== void 0 && (validate64(data.ca_pass_env, { instancePath: instancePath + "/ca_pass_env" }) || (vErrors = (vErrors ?? []).concat(validate64.errors), errors = vErrors.length)), data.ca_path !== void 0 && (validate41(data.ca_path, { instancePath: instancePath + "/ca_path" }) || (vErrors = (vErrors ?? []).concat(validate41.errors), errors = vErrors.length)), data.ca_cert_name !== void 0 && (validate81(data.ca_cert_name, { instancePath: instancePath + "/ca_cert_name" }) || (vErrors = (vErrors ?? []).concat(validate81.errors), errors = vErrors.length)), data.ca_key_name !== void 0 && (validate81(data.ca_key_name, { instancePath: instancePath + "/ca_key_name" }) || (vErrors = (vErrors ?? []).concat(validate81.errors), errors = vErrors.length));
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate70.errors = vErrors, errors === 0;
}
const pattern16 = new RegExp("^(?:(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}|//)$", "u");
function validate85(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern16.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate85.errors = vErrors, errors === 0;
}
const schema31 = { properties: { "//": !0, ip: !0, port: !0, host_key: !0, routing_engines: !0, sae_id: !0, platform: !0, root_enc_pass: !0, root_enc_pass_file: !0, root_enc_pass_env: !0, kme: !0 } }, pattern19 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._~:@=+-]{0,127}$", "u");
const pattern20 = new RegExp("^\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000}$", "u");
function validate91(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern20.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate91.errors = vErrors, errors === 0;
}
const schema33 = { properties: { "//": !0, url: !0, ca_file: !0, cert_file: !0, key_file: !0, server_name: !0, address: !0, pair: !0, spki: !0, min_tls: !0, status: !0, key_size: !0, extension_mandatory: !0, extension_optional: !0, quirks: !0 } }, pattern21 = new RegExp("^https://(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$", "u"), pattern25 = new RegExp("^sha256//?[A-Za-z0-9+/]{43}=$", "u");
const pattern24 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "u");
function validate99(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern24.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate99.errors = vErrors, errors === 0;
}
function validate96(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (typeof data != "string" && !(data && typeof data == "object" && !Array.isArray(data)) && (errors = note(vErrors ??= [], instancePath, "type")), typeof data == "string" && (pattern21.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern"))), data && typeof data == "object" && !Array.isArray(data)) {
    data.url === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "url" }));
    for (const key0 in data)
      key0 === "//" || key0 === "url" || key0 === "server_name" || key0 === "address" || key0 === "pair" || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.url !== void 0) {
      let data0 = data.url;
      typeof data0 == "string" ? pattern21.test(data0) || (errors = note(vErrors ??= [], instancePath + "/url", "pattern")) : errors = note(vErrors ??= [], instancePath + "/url", "type");
    }
    data.server_name !== void 0 && (validate71(data.server_name, { instancePath: instancePath + "/server_name" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length)), data.address !== void 0 && (validate71(data.address, { instancePath: instancePath + "/address" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length)), data.pair !== void 0 && (validate99(data.pair, { instancePath: instancePath + "/pair" }) || (vErrors = (vErrors ?? []).concat(validate99.errors), errors = vErrors.length));
  }
  return validate96.errors = vErrors, errors === 0;
}
function validate108(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern25.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate108.errors = vErrors, errors === 0;
}
function validate110(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (Array.isArray(data)) {
    data.length > 16 && (errors = note(vErrors ??= [], instancePath, "maxItems"));
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      let data0 = data[i0];
      data0 && typeof data0 == "object" && !Array.isArray(data0) || (errors = note(vErrors ??= [], instancePath + "/" + i0, "type"));
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate110.errors = vErrors, errors === 0;
}
const schema38 = { properties: { "//": !0, request: !0, send_number: !0, send_size: !0, keys_per_request: !0, keys_member: !0, key_id_member: !0, key_member: !0, key_encoding: !0, content_types: !0, unknown_key_status: !0, no_stock_status: !0 } };
const pattern27 = new RegExp("^[A-Za-z0-9._-]{1,64}$", "u");
function validate114(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern27.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate114.errors = vErrors, errors === 0;
}
function validate118(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (Array.isArray(data)) {
    data.length > 16 && (errors = note(vErrors ??= [], instancePath, "maxItems"));
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++) {
      let data0 = data[i0];
      Number.isInteger(data0) || (errors = note(vErrors ??= [], instancePath + "/" + i0, "type")), typeof data0 == "number" && (data0 > 599 && (errors = note(vErrors ??= [], instancePath + "/" + i0, "maximum")), data0 < 400 && (errors = note(vErrors ??= [], instancePath + "/" + i0, "minimum")));
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate118.errors = vErrors, errors === 0;
}
const pattern28 = new RegExp("^[a-z]{1,32}/[a-z0-9.+-]{1,64}$", "u");
function validate113(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      func2.call(schema38.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.request !== void 0) {
      let data0 = data.request;
      typeof data0 != "string" && (errors = note(vErrors ??= [], instancePath + "/request", "type")), data0 === "get" || data0 === "post" || (errors = note(vErrors ??= [], instancePath + "/request", "enum"));
    }
    if (data.send_number !== void 0 && typeof data.send_number != "boolean" && (errors = note(vErrors ??= [], instancePath + "/send_number", "type")), data.send_size !== void 0 && typeof data.send_size != "boolean" && (errors = note(vErrors ??= [], instancePath + "/send_size", "type")), data.keys_per_request !== void 0) {
      let data3 = data.keys_per_request;
      Number.isInteger(data3) || (errors = note(vErrors ??= [], instancePath + "/keys_per_request", "type")), typeof data3 == "number" && (data3 > 1024 && (errors = note(vErrors ??= [], instancePath + "/keys_per_request", "maximum")), data3 < 1 && (errors = note(vErrors ??= [], instancePath + "/keys_per_request", "minimum")));
    }
    if (data.keys_member !== void 0 && (validate114(data.keys_member, { instancePath: instancePath + "/keys_member" }) || (vErrors = (vErrors ?? []).concat(validate114.errors), errors = vErrors.length)), data.key_id_member !== void 0 && (validate114(data.key_id_member, { instancePath: instancePath + "/key_id_member" }) || (vErrors = (vErrors ?? []).concat(validate114.errors), errors = vErrors.length)), data.key_member !== void 0 && (validate114(data.key_member, { instancePath: instancePath + "/key_member" }) || (vErrors = (vErrors ?? []).concat(validate114.errors), errors = vErrors.length)), data.key_encoding !== void 0) {
      let data7 = data.key_encoding;
      typeof data7 != "string" && (errors = note(vErrors ??= [], instancePath + "/key_encoding", "type")), data7 === "base64" || data7 === "base64-unpadded" || data7 === "base64url" || data7 === "hex" || (errors = note(vErrors ??= [], instancePath + "/key_encoding", "enum"));
    }
    if (data.content_types !== void 0) {
      let data8 = data.content_types;
      if (Array.isArray(data8)) {
        data8.length > 8 && (errors = note(vErrors ??= [], instancePath + "/content_types", "maxItems"));
        const len0 = data8.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data9 = data8[i0];
          typeof data9 == "string" ? pattern28.test(data9) || (errors = note(vErrors ??= [], instancePath + "/content_types/" + i0, "pattern")) : errors = note(vErrors ??= [], instancePath + "/content_types/" + i0, "type");
        }
      } else
        errors = note(vErrors ??= [], instancePath + "/content_types", "type");
    }
    data.unknown_key_status !== void 0 && (validate118(data.unknown_key_status, { instancePath: instancePath + "/unknown_key_status" }) || (vErrors = (vErrors ?? []).concat(validate118.errors), errors = vErrors.length)), data.no_stock_status !== void 0 && (validate118(data.no_stock_status, { instancePath: instancePath + "/no_stock_status" }) || (vErrors = (vErrors ?? []).concat(validate118.errors), errors = vErrors.length));
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate113.errors = vErrors, errors === 0;
}
function validate95(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    data.url === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "url" }));
    for (const key0 in data)
      func2.call(schema33.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.url !== void 0) {
      let data0 = data.url;
      if (typeof data0 != "string" && !Array.isArray(data0) && (errors = note(vErrors ??= [], instancePath + "/url", "type")), typeof data0 == "string" && (pattern21.test(data0) || (errors = note(vErrors ??= [], instancePath + "/url", "pattern"))), Array.isArray(data0)) {
        data0.length > 8 && (errors = note(vErrors ??= [], instancePath + "/url", "maxItems")), data0.length < 1 && (errors = note(vErrors ??= [], instancePath + "/url", "minItems"));
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate96(data0[i0], { instancePath: instancePath + "/url/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate96.errors), errors = vErrors.length);
      }
    }
    if (data.ca_file !== void 0 && (validate27(data.ca_file, { instancePath: instancePath + "/ca_file" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.cert_file !== void 0 && (validate27(data.cert_file, { instancePath: instancePath + "/cert_file" }) || (vErrors = (vErrors ?? []).concat(validate27.errors), errors = vErrors.length)), data.key_file !== void 0 && (validate62(data.key_file, { instancePath: instancePath + "/key_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data.server_name !== void 0 && (validate71(data.server_name, { instancePath: instancePath + "/server_name" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length)), data.address !== void 0 && (validate71(data.address, { instancePath: instancePath + "/address" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length)), data.pair !== void 0 && (validate99(data.pair, { instancePath: instancePath + "/pair" }) || (vErrors = (vErrors ?? []).concat(validate99.errors), errors = vErrors.length)), data.spki !== void 0) {
      let data8 = data.spki;
      if (typeof data8 != "string" && !Array.isArray(data8) && (errors = note(vErrors ??= [], instancePath + "/spki", "type")), typeof data8 == "string" && (pattern25.test(data8) || (errors = note(vErrors ??= [], instancePath + "/spki", "pattern"))), Array.isArray(data8)) {
        data8.length > 8 && (errors = note(vErrors ??= [], instancePath + "/spki", "maxItems")), data8.length < 1 && (errors = note(vErrors ??= [], instancePath + "/spki", "minItems"));
        const len1 = data8.length;
        for (let i1 = 0; i1 < len1; i1++)
          validate108(data8[i1], { instancePath: instancePath + "/spki/" + i1 }) || (vErrors = (vErrors ?? []).concat(validate108.errors), errors = vErrors.length);
      }
    }
    if (data.min_tls !== void 0) {
      let data10 = data.min_tls;
      typeof data10 != "string" && (errors = note(vErrors ??= [], instancePath + "/min_tls", "type")), data10 === "1.2" || data10 === "1.3" || (errors = note(vErrors ??= [], instancePath + "/min_tls", "enum"));
    }
    if (data.status !== void 0) {
      let data11 = data.status;
      typeof data11 != "string" && (errors = note(vErrors ??= [], instancePath + "/status", "type")), data11 === "advice" || data11 === "strict" || data11 === "off" || (errors = note(vErrors ??= [], instancePath + "/status", "enum"));
    }
    if (data.key_size !== void 0) {
      let data12 = data.key_size;
      if (Number.isInteger(data12) || (errors = note(vErrors ??= [], instancePath + "/key_size", "type")), typeof data12 == "number") {
        data12 > 65536 && (errors = note(vErrors ??= [], instancePath + "/key_size", "maximum")), data12 < 128 && (errors = note(vErrors ??= [], instancePath + "/key_size", "minimum"));
        let res0;
        res0 = data12 / 8, res0 !== parseInt(res0) && (errors = note(vErrors ??= [], instancePath + "/key_size", "multipleOf"));
      }
    }
    data.extension_mandatory !== void 0 && (validate110(data.extension_mandatory, { instancePath: instancePath + "/extension_mandatory" }) || (vErrors = (vErrors ?? []).concat(validate110.errors), errors = vErrors.length)), data.extension_optional !== void 0 && (validate110(data.extension_optional, { instancePath: instancePath + "/extension_optional" }) || (vErrors = (vErrors ?? []).concat(validate110.errors), errors = vErrors.length)), data.quirks !== void 0 && (validate113(data.quirks, { instancePath: instancePath + "/quirks" }) || (vErrors = (vErrors ?? []).concat(validate113.errors), errors = vErrors.length));
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate95.errors = vErrors, errors === 0;
}
function validate87(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    data.ip === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "ip" })), data.kme === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "kme" }));
    for (const key0 in data)
      func2.call(schema31.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.ip !== void 0) {
      let data0 = data.ip;
      if (typeof data0 != "string" && !Array.isArray(data0) && (errors = note(vErrors ??= [], instancePath + "/ip", "type")), typeof data0 == "string" && (pattern11.test(data0) || (errors = note(vErrors ??= [], instancePath + "/ip", "pattern"))), Array.isArray(data0)) {
        data0.length > 16 && (errors = note(vErrors ??= [], instancePath + "/ip", "maxItems")), data0.length < 1 && (errors = note(vErrors ??= [], instancePath + "/ip", "minItems"));
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate71(data0[i0], { instancePath: instancePath + "/ip/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length);
      }
    }
    if (data.port !== void 0) {
      let data2 = data.port;
      Number.isInteger(data2) || (errors = note(vErrors ??= [], instancePath + "/port", "type")), typeof data2 == "number" && (data2 > 65535 && (errors = note(vErrors ??= [], instancePath + "/port", "maximum")), data2 < 1 && (errors = note(vErrors ??= [], instancePath + "/port", "minimum")));
    }
    if (data.host_key !== void 0) {
      let data3 = data.host_key;
      if (typeof data3 != "string" && !Array.isArray(data3) && (errors = note(vErrors ??= [], instancePath + "/host_key", "type")), typeof data3 == "string" && (pattern12.test(data3) || (errors = note(vErrors ??= [], instancePath + "/host_key", "pattern"))), Array.isArray(data3)) {
        data3.length > 16 && (errors = note(vErrors ??= [], instancePath + "/host_key", "maxItems")), data3.length < 1 && (errors = note(vErrors ??= [], instancePath + "/host_key", "minItems"));
        const len1 = data3.length;
        for (let i1 = 0; i1 < len1; i1++)
          validate73(data3[i1], { instancePath: instancePath + "/host_key/" + i1 }) || (vErrors = (vErrors ?? []).concat(validate73.errors), errors = vErrors.length);
      }
    }
    if (data.routing_engines !== void 0) {
      let data5 = data.routing_engines;
      if (Array.isArray(data5)) {
        data5.length > 2 && (errors = note(vErrors ??= [], instancePath + "/routing_engines", "maxItems")), data5.length < 2 && (errors = note(vErrors ??= [], instancePath + "/routing_engines", "minItems"));
        const len2 = data5.length;
        for (let i2 = 0; i2 < len2; i2++)
          validate71(data5[i2], { instancePath: instancePath + "/routing_engines/" + i2 }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length);
      } else
        errors = note(vErrors ??= [], instancePath + "/routing_engines", "type");
    }
    if (data.sae_id !== void 0) {
      let data7 = data.sae_id;
      typeof data7 == "string" ? pattern19.test(data7) || (errors = note(vErrors ??= [], instancePath + "/sae_id", "pattern")) : errors = note(vErrors ??= [], instancePath + "/sae_id", "type");
    }
    if (data.platform !== void 0) {
      let data8 = data.platform;
      data8 === "mx" || data8 === "ptx" || data8 === "acx" || data8 === "qfx" || data8 === "ex" || data8 === "srx" || (errors = note(vErrors ??= [], instancePath + "/platform", "enum"));
    }
    data.root_enc_pass !== void 0 && (validate91(data.root_enc_pass, { instancePath: instancePath + "/root_enc_pass" }) || (vErrors = (vErrors ?? []).concat(validate91.errors), errors = vErrors.length)), data.root_enc_pass_file !== void 0 && (validate62(data.root_enc_pass_file, { instancePath: instancePath + "/root_enc_pass_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data.root_enc_pass_env !== void 0 && (validate64(data.root_enc_pass_env, { instancePath: instancePath + "/root_enc_pass_env" }) || (vErrors = (vErrors ?? []).concat(validate64.errors), errors = vErrors.length)), data.kme !== void 0 && (validate95(data.kme, { instancePath: instancePath + "/kme" }) || (vErrors = (vErrors ?? []).concat(validate95.errors), errors = vErrors.length));
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate87.errors = vErrors, errors === 0;
}
const schema41 = { properties: { "//": !0, name: !0, connectivity_association: !0, method: !0, cipher_suite: !0, ckn_prefix: !0, key_chain: !0, cak: !0, initial_key: !0, master: !0, slaves: !0 } }, pattern29 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$", "u"), pattern31 = new RegExp("^[0-9A-Fa-f]{32}$", "u"), pattern32 = new RegExp("^[0-9A-Fa-f]{64}$", "u");
const pattern30 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$", "u");
function validate125(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern30.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate125.errors = vErrors, errors === 0;
}
const pattern33 = new RegExp("^(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", "u");
function validate132(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern33.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate132.errors = vErrors, errors === 0;
}
const pattern34 = new RegExp("^[a-z]{2,8}(?:-[0-9]{1,3}/[0-9]{1,3}/[0-9]{1,3}(?::[0-9]{1,2})?|[0-9]{1,4})$", "u");
function validate134(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return typeof data == "string" ? pattern34.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern")) : errors = note(vErrors ??= [], instancePath, "type"), validate134.errors = vErrors, errors === 0;
}
function validate131(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    data.device === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "device" })), data.interfaces === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "interfaces" }));
    for (const key0 in data)
      key0 === "//" || key0 === "device" || key0 === "interfaces" || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.device !== void 0 && (validate132(data.device, { instancePath: instancePath + "/device" }) || (vErrors = (vErrors ?? []).concat(validate132.errors), errors = vErrors.length)), data.interfaces !== void 0) {
      let data1 = data.interfaces;
      if (Array.isArray(data1)) {
        data1.length > 256 && (errors = note(vErrors ??= [], instancePath + "/interfaces", "maxItems")), data1.length < 1 && (errors = note(vErrors ??= [], instancePath + "/interfaces", "minItems"));
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate134(data1[i0], { instancePath: instancePath + "/interfaces/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate134.errors), errors = vErrors.length);
      } else
        errors = note(vErrors ??= [], instancePath + "/interfaces", "type");
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate131.errors = vErrors, errors === 0;
}
function validate124(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    data.name === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "name" })), data.connectivity_association === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "connectivity_association" })), data.master === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "master" })), data.slaves === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "slaves" }));
    for (const key0 in data)
      func2.call(schema41.properties, key0) || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.name !== void 0) {
      let data0 = data.name;
      typeof data0 == "string" ? pattern29.test(data0) || (errors = note(vErrors ??= [], instancePath + "/name", "pattern")) : errors = note(vErrors ??= [], instancePath + "/name", "type");
    }
    if (data.connectivity_association !== void 0 && (validate125(data.connectivity_association, { instancePath: instancePath + "/connectivity_association" }) || (vErrors = (vErrors ?? []).concat(validate125.errors), errors = vErrors.length)), data.method !== void 0) {
      let data2 = data.method;
      typeof data2 != "string" && (errors = note(vErrors ??= [], instancePath + "/method", "type")), data2 === "key-chain" || data2 === "pre-shared-key" || (errors = note(vErrors ??= [], instancePath + "/method", "enum"));
    }
    if (data.cipher_suite !== void 0) {
      let data3 = data.cipher_suite;
      typeof data3 != "string" && (errors = note(vErrors ??= [], instancePath + "/cipher_suite", "type")), data3 === "gcm-aes-128" || data3 === "gcm-aes-256" || data3 === "gcm-aes-xpn-128" || data3 === "gcm-aes-xpn-256" || (errors = note(vErrors ??= [], instancePath + "/cipher_suite", "enum"));
    }
    if (data.ckn_prefix !== void 0) {
      let data4 = data.ckn_prefix;
      typeof data4 == "string" ? pattern31.test(data4) || (errors = note(vErrors ??= [], instancePath + "/ckn_prefix", "pattern")) : errors = note(vErrors ??= [], instancePath + "/ckn_prefix", "type");
    }
    if (data.key_chain !== void 0 && (validate125(data.key_chain, { instancePath: instancePath + "/key_chain" }) || (vErrors = (vErrors ?? []).concat(validate125.errors), errors = vErrors.length)), data.cak !== void 0) {
      let data6 = data.cak;
      typeof data6 != "string" && (errors = note(vErrors ??= [], instancePath + "/cak", "type")), data6 === "derived" || data6 === "raw" || (errors = note(vErrors ??= [], instancePath + "/cak", "enum"));
    }
    if (data.initial_key !== void 0) {
      let data7 = data.initial_key;
      if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
        data7.ckn === void 0 && (errors = note(vErrors ??= [], instancePath + "/initial_key", "required", { missingProperty: "ckn" }));
        for (const key1 in data7)
          key1 === "//" || key1 === "ckn" || key1 === "cak" || key1 === "cak_file" || key1 === "cak_env" || (errors = note(vErrors ??= [], instancePath + "/initial_key", "additionalProperties", { additionalProperty: key1 }));
        if (data7.ckn !== void 0) {
          let data8 = data7.ckn;
          typeof data8 == "string" ? pattern32.test(data8) || (errors = note(vErrors ??= [], instancePath + "/initial_key/ckn", "pattern")) : errors = note(vErrors ??= [], instancePath + "/initial_key/ckn", "type");
        }
        data7.cak !== void 0 && (validate60(data7.cak, { instancePath: instancePath + "/initial_key/cak" }) || (vErrors = (vErrors ?? []).concat(validate60.errors), errors = vErrors.length)), data7.cak_file !== void 0 && (validate62(data7.cak_file, { instancePath: instancePath + "/initial_key/cak_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data7.cak_env !== void 0 && (validate64(data7.cak_env, { instancePath: instancePath + "/initial_key/cak_env" }) || (vErrors = (vErrors ?? []).concat(validate64.errors), errors = vErrors.length));
      } else
        errors = note(vErrors ??= [], instancePath + "/initial_key", "type");
    }
    if (data.master !== void 0 && (validate131(data.master, { instancePath: instancePath + "/master" }) || (vErrors = (vErrors ?? []).concat(validate131.errors), errors = vErrors.length)), data.slaves !== void 0) {
      let data13 = data.slaves;
      if (Array.isArray(data13)) {
        data13.length > 64 && (errors = note(vErrors ??= [], instancePath + "/slaves", "maxItems")), data13.length < 1 && (errors = note(vErrors ??= [], instancePath + "/slaves", "minItems"));
        const len0 = data13.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate131(data13[i0], { instancePath: instancePath + "/slaves/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate131.errors), errors = vErrors.length);
      } else
        errors = note(vErrors ??= [], instancePath + "/slaves", "type");
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate124.errors = vErrors, errors === 0;
}
function validate22(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    data.secrets === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "secrets" })), data.devices === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "devices" })), data.links === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "links" }));
    for (const key0 in data)
      key0 === "//" || key0 === "system" || key0 === "paths" || key0 === "secrets" || key0 === "ca_server" || key0 === "devices" || key0 === "links" || (errors = note(vErrors ??= [], instancePath, "additionalProperties", { additionalProperty: key0 }));
    if (data.system !== void 0 && (validate23(data.system, { instancePath: instancePath + "/system" }) || (vErrors = (vErrors ?? []).concat(validate23.errors), errors = vErrors.length)), data.paths !== void 0 && (validate48(data.paths, { instancePath: instancePath + "/paths" }) || (vErrors = (vErrors ?? []).concat(validate48.errors), errors = vErrors.length)), data.secrets !== void 0 && (validate56(data.secrets, { instancePath: instancePath + "/secrets" }) || (vErrors = (vErrors ?? []).concat(validate56.errors), errors = vErrors.length)), data.ca_server !== void 0 && (validate70(data.ca_server, { instancePath: instancePath + "/ca_server" }) || (vErrors = (vErrors ?? []).concat(validate70.errors), errors = vErrors.length)), data.devices !== void 0) {
      let data4 = data.devices;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key1 in data4) {
          const _errs8 = errors;
          validate85(key1, { instancePath: instancePath + "/devices" }) || (vErrors = (vErrors ?? []).concat(validate85.errors), errors = vErrors.length);
          var valid1 = _errs8 === errors;
          valid1 || (errors = note(vErrors ??= [], instancePath + "/devices", "propertyNames", { propertyName: key1 }));
        }
        for (const key2 in data4)
          key2 !== "//" && (validate87(data4[key2], { instancePath: instancePath + "/devices/" + segment(key2) }) || (vErrors = (vErrors ?? []).concat(validate87.errors), errors = vErrors.length));
      } else
        errors = note(vErrors ??= [], instancePath + "/devices", "type");
    }
    if (data.links !== void 0) {
      let data6 = data.links;
      if (Array.isArray(data6)) {
        data6.length < 1 && (errors = note(vErrors ??= [], instancePath + "/links", "minItems"));
        const len0 = data6.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate124(data6[i0], { instancePath: instancePath + "/links/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate124.errors), errors = vErrors.length);
      } else
        errors = note(vErrors ??= [], instancePath + "/links", "type");
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate22.errors = vErrors, errors === 0;
}
const validateOriginalDictionary = validate139, schema46 = { type: "object", required: ["secrets", "CA_server", "qkd_roles"], properties: { "//": !0, system: { type: "object", additionalProperties: !1, properties: { "//": !0, maxthreads: { type: "integer", minimum: 1, maximum: 1e3 }, max_threads: { type: "integer", minimum: 1, maximum: 1e3 }, rotation: { $ref: "#/$defs/rotation" }, ssh: { $ref: "#/$defs/ssh" }, netconf: { $ref: "#/$defs/netconf" }, kme: { $ref: "#/$defs/kme_times" }, certificates: { $ref: "#/$defs/certificates" }, event_options: { type: "object", additionalProperties: !1, properties: { "//": !0, start_time: { $ref: "#/$defs/junos_time" } } } } }, paths: { $ref: "#/$defs/paths" }, secrets: { $ref: "#/$defs/secrets" }, CA_server: { type: "object", additionalProperties: !1, required: ["c_a"], properties: { "//": !0, CA_cert: { type: "object", additionalProperties: !1, properties: { "//": !0, fetch: { type: "boolean" }, generate: { type: "boolean" } } }, c_a: { $ref: "#/$defs/connectivity_association" }, ca_server_ip: { $ref: "#/$defs/address" }, ca_port: { $ref: "#/$defs/ca_server/properties/ca_port" }, ca_host_key: { $ref: "#/$defs/ca_server/properties/ca_host_key" }, ca_user: { $ref: "#/$defs/user_name" }, ca_private_key_file: { $ref: "#/$defs/secret_file" }, ca_pass: { $ref: "#/$defs/secret" }, ca_pass_file: { $ref: "#/$defs/secret_file" }, ca_pass_env: { $ref: "#/$defs/secret_env" }, ca_path: { $ref: "#/$defs/remote_path" }, ca_cert_name: { $ref: "#/$defs/file_name" }, ca_key_name: { $ref: "#/$defs/file_name" } } }, qkd_roles: { type: "object", additionalProperties: !1, required: ["master", "slave"], properties: { "//": !0, master: { $ref: "#/$defs/device_name" }, slave: { $ref: "#/$defs/device_name" }, additional_slave_SAE_IDs: { type: "array", maxItems: 63, items: { $ref: "#/$defs/device_name" } } } } }, propertyNames: { $ref: "#/$defs/device_member" }, additionalProperties: { type: "object", additionalProperties: !1, required: ["ip", "interfaces", "kme"], properties: { "//": !0, ip: { $ref: "#/$defs/address" }, port: { $ref: "#/$defs/device/properties/port" }, host_key: { $ref: "#/$defs/device/properties/host_key" }, root_enc_pass: { type: "string", pattern: "^(?:\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000})?$" }, interfaces: { type: "array", minItems: 1, maxItems: 256, items: { $ref: "#/$defs/interface" } }, kme: { type: "object", additionalProperties: !1, required: ["kme_name"], properties: { "//": !0, kme_name: { type: "string", pattern: "^(?:https://)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$" }, kme_ip: { $ref: "#/$defs/address" } } } } } };
function validate142(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return Number.isInteger(data) || (errors = note(vErrors ??= [], instancePath, "type")), typeof data == "number" && (data > 65535 && (errors = note(vErrors ??= [], instancePath, "maximum")), data < 1 && (errors = note(vErrors ??= [], instancePath, "minimum"))), validate142.errors = vErrors, errors === 0;
}
function validate144(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (typeof data != "string" && !Array.isArray(data) && (errors = note(vErrors ??= [], instancePath, "type")), typeof data == "string" && (pattern12.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern"))), Array.isArray(data)) {
    data.length > 16 && (errors = note(vErrors ??= [], instancePath, "maxItems")), data.length < 1 && (errors = note(vErrors ??= [], instancePath, "minItems"));
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      validate73(data[i0], { instancePath: instancePath + "/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate73.errors), errors = vErrors.length);
  }
  return validate144.errors = vErrors, errors === 0;
}
function validate159(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  return Number.isInteger(data) || (errors = note(vErrors ??= [], instancePath, "type")), typeof data == "number" && (data > 65535 && (errors = note(vErrors ??= [], instancePath, "maximum")), data < 1 && (errors = note(vErrors ??= [], instancePath, "minimum"))), validate159.errors = vErrors, errors === 0;
}
function validate161(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (typeof data != "string" && !Array.isArray(data) && (errors = note(vErrors ??= [], instancePath, "type")), typeof data == "string" && (pattern12.test(data) || (errors = note(vErrors ??= [], instancePath, "pattern"))), Array.isArray(data)) {
    data.length > 16 && (errors = note(vErrors ??= [], instancePath, "maxItems")), data.length < 1 && (errors = note(vErrors ??= [], instancePath, "minItems"));
    const len0 = data.length;
    for (let i0 = 0; i0 < len0; i0++)
      validate73(data[i0], { instancePath: instancePath + "/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate73.errors), errors = vErrors.length);
  }
  return validate161.errors = vErrors, errors === 0;
}
const pattern36 = new RegExp("^(?:\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000})?$", "u"), pattern37 = new RegExp("^(?:https://)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$", "u");
function validate139(data, { instancePath = "" } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    data.secrets === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "secrets" })), data.CA_server === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "CA_server" })), data.qkd_roles === void 0 && (errors = note(vErrors ??= [], instancePath, "required", { missingProperty: "qkd_roles" }));
    for (const key0 in data) {
      const _errs1 = errors;
      validate85(key0, { instancePath }) || (vErrors = (vErrors ?? []).concat(validate85.errors), errors = vErrors.length);
      var valid0 = _errs1 === errors;
      valid0 || (errors = note(vErrors ??= [], instancePath, "propertyNames", { propertyName: key0 }));
    }
    for (const key1 in data)
      if (!(key1 === "//" || key1 === "system" || key1 === "paths" || key1 === "secrets" || key1 === "CA_server" || key1 === "qkd_roles")) {
        let data0 = data[key1];
        if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
          data0.ip === void 0 && (errors = note(vErrors ??= [], instancePath + "/" + segment(key1), "required", { missingProperty: "ip" })), data0.interfaces === void 0 && (errors = note(vErrors ??= [], instancePath + "/" + segment(key1), "required", { missingProperty: "interfaces" })), data0.kme === void 0 && (errors = note(vErrors ??= [], instancePath + "/" + segment(key1), "required", { missingProperty: "kme" }));
          for (const key2 in data0)
            key2 === "//" || key2 === "ip" || key2 === "port" || key2 === "host_key" || key2 === "root_enc_pass" || key2 === "interfaces" || key2 === "kme" || (errors = note(vErrors ??= [], instancePath + "/" + segment(key1), "additionalProperties", { additionalProperty: key2 }));
          if (data0.ip !== void 0 && (validate71(data0.ip, { instancePath: instancePath + "/" + segment(key1) + "/ip" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length)), data0.port !== void 0 && (validate142(data0.port, { instancePath: instancePath + "/" + segment(key1) + "/port" }) || (vErrors = (vErrors ?? []).concat(validate142.errors), errors = vErrors.length)), data0.host_key !== void 0 && (validate144(data0.host_key, { instancePath: instancePath + "/" + segment(key1) + "/host_key" }) || (vErrors = (vErrors ?? []).concat(validate144.errors), errors = vErrors.length)), data0.root_enc_pass !== void 0) {
            let data4 = data0.root_enc_pass;
            typeof data4 == "string" ? pattern36.test(data4) || (errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/root_enc_pass", "pattern")) : errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/root_enc_pass", "type");
          }
          if (data0.interfaces !== void 0) {
            let data5 = data0.interfaces;
            if (Array.isArray(data5)) {
              data5.length > 256 && (errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/interfaces", "maxItems")), data5.length < 1 && (errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/interfaces", "minItems"));
              const len0 = data5.length;
              for (let i0 = 0; i0 < len0; i0++)
                validate134(data5[i0], { instancePath: instancePath + "/" + segment(key1) + "/interfaces/" + i0 }) || (vErrors = (vErrors ?? []).concat(validate134.errors), errors = vErrors.length);
            } else
              errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/interfaces", "type");
          }
          if (data0.kme !== void 0) {
            let data7 = data0.kme;
            if (data7 && typeof data7 == "object" && !Array.isArray(data7)) {
              data7.kme_name === void 0 && (errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/kme", "required", { missingProperty: "kme_name" }));
              for (const key3 in data7)
                key3 === "//" || key3 === "kme_name" || key3 === "kme_ip" || (errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/kme", "additionalProperties", { additionalProperty: key3 }));
              if (data7.kme_name !== void 0) {
                let data8 = data7.kme_name;
                typeof data8 == "string" ? pattern37.test(data8) || (errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/kme/kme_name", "pattern")) : errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/kme/kme_name", "type");
              }
              data7.kme_ip !== void 0 && (validate71(data7.kme_ip, { instancePath: instancePath + "/" + segment(key1) + "/kme/kme_ip" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length));
            } else
              errors = note(vErrors ??= [], instancePath + "/" + segment(key1) + "/kme", "type");
          }
        } else
          errors = note(vErrors ??= [], instancePath + "/" + segment(key1), "type");
      }
    if (data.system !== void 0) {
      let data10 = data.system;
      if (data10 && typeof data10 == "object" && !Array.isArray(data10)) {
        for (const key4 in data10)
          func2.call(schema46.properties.system.properties, key4) || (errors = note(vErrors ??= [], instancePath + "/system", "additionalProperties", { additionalProperty: key4 }));
        if (data10.maxthreads !== void 0) {
          let data11 = data10.maxthreads;
          Number.isInteger(data11) || (errors = note(vErrors ??= [], instancePath + "/system/maxthreads", "type")), typeof data11 == "number" && (data11 > 1e3 && (errors = note(vErrors ??= [], instancePath + "/system/maxthreads", "maximum")), data11 < 1 && (errors = note(vErrors ??= [], instancePath + "/system/maxthreads", "minimum")));
        }
        if (data10.max_threads !== void 0) {
          let data12 = data10.max_threads;
          Number.isInteger(data12) || (errors = note(vErrors ??= [], instancePath + "/system/max_threads", "type")), typeof data12 == "number" && (data12 > 1e3 && (errors = note(vErrors ??= [], instancePath + "/system/max_threads", "maximum")), data12 < 1 && (errors = note(vErrors ??= [], instancePath + "/system/max_threads", "minimum")));
        }
        if (data10.rotation !== void 0 && (validate24(data10.rotation, { instancePath: instancePath + "/system/rotation" }) || (vErrors = (vErrors ?? []).concat(validate24.errors), errors = vErrors.length)), data10.ssh !== void 0 && (validate26(data10.ssh, { instancePath: instancePath + "/system/ssh" }) || (vErrors = (vErrors ?? []).concat(validate26.errors), errors = vErrors.length)), data10.netconf !== void 0 && (validate30(data10.netconf, { instancePath: instancePath + "/system/netconf" }) || (vErrors = (vErrors ?? []).concat(validate30.errors), errors = vErrors.length)), data10.kme !== void 0 && (validate35(data10.kme, { instancePath: instancePath + "/system/kme" }) || (vErrors = (vErrors ?? []).concat(validate35.errors), errors = vErrors.length)), data10.certificates !== void 0 && (validate37(data10.certificates, { instancePath: instancePath + "/system/certificates" }) || (vErrors = (vErrors ?? []).concat(validate37.errors), errors = vErrors.length)), data10.event_options !== void 0) {
          let data18 = data10.event_options;
          if (data18 && typeof data18 == "object" && !Array.isArray(data18)) {
            for (const key5 in data18)
              key5 === "//" || key5 === "start_time" || (errors = note(vErrors ??= [], instancePath + "/system/event_options", "additionalProperties", { additionalProperty: key5 }));
            data18.start_time !== void 0 && (validate45(data18.start_time, { instancePath: instancePath + "/system/event_options/start_time" }) || (vErrors = (vErrors ?? []).concat(validate45.errors), errors = vErrors.length));
          } else
            errors = note(vErrors ??= [], instancePath + "/system/event_options", "type");
        }
      } else
        errors = note(vErrors ??= [], instancePath + "/system", "type");
    }
    if (data.paths !== void 0 && (validate48(data.paths, { instancePath: instancePath + "/paths" }) || (vErrors = (vErrors ?? []).concat(validate48.errors), errors = vErrors.length)), data.secrets !== void 0 && (validate56(data.secrets, { instancePath: instancePath + "/secrets" }) || (vErrors = (vErrors ?? []).concat(validate56.errors), errors = vErrors.length)), data.CA_server !== void 0) {
      let data22 = data.CA_server;
      if (data22 && typeof data22 == "object" && !Array.isArray(data22)) {
        data22.c_a === void 0 && (errors = note(vErrors ??= [], instancePath + "/CA_server", "required", { missingProperty: "c_a" }));
        for (const key6 in data22)
          func2.call(schema46.properties.CA_server.properties, key6) || (errors = note(vErrors ??= [], instancePath + "/CA_server", "additionalProperties", { additionalProperty: key6 }));
        if (data22.CA_cert !== void 0) {
          let data23 = data22.CA_cert;
          if (data23 && typeof data23 == "object" && !Array.isArray(data23)) {
            for (const key7 in data23)
              key7 === "//" || key7 === "fetch" || key7 === "generate" || (errors = note(vErrors ??= [], instancePath + "/CA_server/CA_cert", "additionalProperties", { additionalProperty: key7 }));
            data23.fetch !== void 0 && typeof data23.fetch != "boolean" && (errors = note(vErrors ??= [], instancePath + "/CA_server/CA_cert/fetch", "type")), data23.generate !== void 0 && typeof data23.generate != "boolean" && (errors = note(vErrors ??= [], instancePath + "/CA_server/CA_cert/generate", "type"));
          } else
            errors = note(vErrors ??= [], instancePath + "/CA_server/CA_cert", "type");
        }
        data22.c_a !== void 0 && (validate125(data22.c_a, { instancePath: instancePath + "/CA_server/c_a" }) || (vErrors = (vErrors ?? []).concat(validate125.errors), errors = vErrors.length)), data22.ca_server_ip !== void 0 && (validate71(data22.ca_server_ip, { instancePath: instancePath + "/CA_server/ca_server_ip" }) || (vErrors = (vErrors ?? []).concat(validate71.errors), errors = vErrors.length)), data22.ca_port !== void 0 && (validate159(data22.ca_port, { instancePath: instancePath + "/CA_server/ca_port" }) || (vErrors = (vErrors ?? []).concat(validate159.errors), errors = vErrors.length)), data22.ca_host_key !== void 0 && (validate161(data22.ca_host_key, { instancePath: instancePath + "/CA_server/ca_host_key" }) || (vErrors = (vErrors ?? []).concat(validate161.errors), errors = vErrors.length)), data22.ca_user !== void 0 && (validate57(data22.ca_user, { instancePath: instancePath + "/CA_server/ca_user" }) || (vErrors = (vErrors ?? []).concat(validate57.errors), errors = vErrors.length)), data22.ca_private_key_file !== void 0 && (validate62(data22.ca_private_key_file, { instancePath: instancePath + "/CA_server/ca_private_key_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data22.ca_pass !== void 0 && (validate60(data22.ca_pass, { instancePath: instancePath + "/CA_server/ca_pass" }) || (vErrors = (vErrors ?? []).concat(validate60.errors), errors = vErrors.length)), data22.ca_pass_file !== void 0 && (validate62(data22.ca_pass_file, { instancePath: instancePath + "/CA_server/ca_pass_file" }) || (vErrors = (vErrors ?? []).concat(validate62.errors), errors = vErrors.length)), data22.ca_pass_env !== void 0 && (validate64(data22.ca_pass_env, { instancePath: instancePath + "/CA_server/ca_pass_env" }) || (vErrors = (vErrors ?? []).concat(validate64.errors), errors = vErrors.length)), data22.ca_path !== void 0 && (validate41(data22.ca_path, { instancePath: instancePath + "/CA_server/ca_path" }) || (vErrors = (vErrors ?? []).concat(validate41.errors), errors = vErrors.length)), data22.ca_cert_name !== void 0 && (validate81(data22.ca_cert_name, { instancePath: instancePath + "/CA_server/ca_cert_name" }) || (vErrors = (vErrors ?? []).concat(validate81.errors), errors = vErrors.length)), data22.ca_key_name !== void 0 && (validate81(data22.ca_key_name, { instancePath: instancePath + "/CA_server/ca_key_name" }) || (vErrors = (vErrors ?? []).concat(validate81.errors), errors = vErrors.length));
      } else
        errors = note(vErrors ??= [], instancePath + "/CA_server", "type");
    }
    if (data.qkd_roles !== void 0) {
      let data38 = data.qkd_roles;
      if (data38 && typeof data38 == "object" && !Array.isArray(data38)) {
        data38.master === void 0 && (errors = note(vErrors ??= [], instancePath + "/qkd_roles", "required", { missingProperty: "master" })), data38.slave === void 0 && (errors = note(vErrors ??= [], instancePath + "/qkd_roles", "required", { missingProperty: "slave" }));
        for (const key8 in data38)
          key8 === "//" || key8 === "master" || key8 === "slave" || key8 === "additional_slave_SAE_IDs" || (errors = note(vErrors ??= [], instancePath + "/qkd_roles", "additionalProperties", { additionalProperty: key8 }));
        if (data38.master !== void 0 && (validate132(data38.master, { instancePath: instancePath + "/qkd_roles/master" }) || (vErrors = (vErrors ?? []).concat(validate132.errors), errors = vErrors.length)), data38.slave !== void 0 && (validate132(data38.slave, { instancePath: instancePath + "/qkd_roles/slave" }) || (vErrors = (vErrors ?? []).concat(validate132.errors), errors = vErrors.length)), data38.additional_slave_SAE_IDs !== void 0) {
          let data41 = data38.additional_slave_SAE_IDs;
          if (Array.isArray(data41)) {
            data41.length > 63 && (errors = note(vErrors ??= [], instancePath + "/qkd_roles/additional_slave_SAE_IDs", "maxItems"));
            const len1 = data41.length;
            for (let i1 = 0; i1 < len1; i1++)
              validate132(data41[i1], { instancePath: instancePath + "/qkd_roles/additional_slave_SAE_IDs/" + i1 }) || (vErrors = (vErrors ?? []).concat(validate132.errors), errors = vErrors.length);
          } else
            errors = note(vErrors ??= [], instancePath + "/qkd_roles/additional_slave_SAE_IDs", "type");
        }
      } else
        errors = note(vErrors ??= [], instancePath + "/qkd_roles", "type");
    }
  } else
    errors = note(vErrors ??= [], instancePath, "type");
  return validate139.errors = vErrors, errors === 0;
}
export {
  validateInventory,
  validateOriginalDictionary
};
