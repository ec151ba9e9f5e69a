// Generated from inventory.schema.json and original-dictionary.schema.json by build/compile-schemas.ts: not to be edited.
const validateInventory = validate52;
function validate54(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate54.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "interval" || key0 === "lead" || key0 === "margin" || key0 === "ring" || key0 === "max_clock_difference" || key0 === "wait" || key0 === "poll")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.interval !== void 0) {
      let data0 = data.interval;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
        const err1 = { instancePath: instancePath + "/interval", schemaPath: "#/properties/interval/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 2592e3 || isNaN(data0)) {
          const err2 = { instancePath: instancePath + "/interval", schemaPath: "#/properties/interval/maximum", keyword: "maximum", params: { comparison: "<=", limit: 2592e3 } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        if (data0 < 1 || isNaN(data0)) {
          const err3 = { instancePath: instancePath + "/interval", schemaPath: "#/properties/interval/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      }
    }
    if (data.lead !== void 0) {
      let data1 = data.lead;
      if (!(typeof data1 == "number" && !(data1 % 1) && !isNaN(data1) && isFinite(data1))) {
        const err4 = { instancePath: instancePath + "/lead", schemaPath: "#/properties/lead/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 31536e3 || isNaN(data1)) {
          const err5 = { instancePath: instancePath + "/lead", schemaPath: "#/properties/lead/maximum", keyword: "maximum", params: { comparison: "<=", limit: 31536e3 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        if (data1 < 1 || isNaN(data1)) {
          const err6 = { instancePath: instancePath + "/lead", schemaPath: "#/properties/lead/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
      }
    }
    if (data.margin !== void 0) {
      let data2 = data.margin;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2))) {
        const err7 = { instancePath: instancePath + "/margin", schemaPath: "#/properties/margin/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (typeof data2 == "number" && isFinite(data2)) {
        if (data2 > 2592e3 || isNaN(data2)) {
          const err8 = { instancePath: instancePath + "/margin", schemaPath: "#/properties/margin/maximum", keyword: "maximum", params: { comparison: "<=", limit: 2592e3 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (data2 < 1 || isNaN(data2)) {
          const err9 = { instancePath: instancePath + "/margin", schemaPath: "#/properties/margin/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      }
    }
    if (data.ring !== void 0) {
      let data3 = data.ring;
      if (!(typeof data3 == "number" && !(data3 % 1) && !isNaN(data3) && isFinite(data3))) {
        const err10 = { instancePath: instancePath + "/ring", schemaPath: "#/properties/ring/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
      if (typeof data3 == "number" && isFinite(data3)) {
        if (data3 > 64 || isNaN(data3)) {
          const err11 = { instancePath: instancePath + "/ring", schemaPath: "#/properties/ring/maximum", keyword: "maximum", params: { comparison: "<=", limit: 64 } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
        if (data3 < 3 || isNaN(data3)) {
          const err12 = { instancePath: instancePath + "/ring", schemaPath: "#/properties/ring/minimum", keyword: "minimum", params: { comparison: ">=", limit: 3 } };
          vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
        }
      }
    }
    if (data.max_clock_difference !== void 0) {
      let data4 = data.max_clock_difference;
      if (typeof data4 == "number" && isFinite(data4)) {
        if (data4 > 6 || isNaN(data4)) {
          const err13 = { instancePath: instancePath + "/max_clock_difference", schemaPath: "#/properties/max_clock_difference/maximum", keyword: "maximum", params: { comparison: "<=", limit: 6 } };
          vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
        }
        if (data4 <= 0 || isNaN(data4)) {
          const err14 = { instancePath: instancePath + "/max_clock_difference", schemaPath: "#/properties/max_clock_difference/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 } };
          vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
        }
      } else {
        const err15 = { instancePath: instancePath + "/max_clock_difference", schemaPath: "#/properties/max_clock_difference/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
      }
    }
    if (data.wait !== void 0) {
      let data5 = data.wait;
      if (typeof data5 == "number" && isFinite(data5)) {
        if (data5 > 86400 || isNaN(data5)) {
          const err16 = { instancePath: instancePath + "/wait", schemaPath: "#/properties/wait/maximum", keyword: "maximum", params: { comparison: "<=", limit: 86400 } };
          vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
        }
        if (data5 < 0 || isNaN(data5)) {
          const err17 = { instancePath: instancePath + "/wait", schemaPath: "#/properties/wait/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
        }
      } else {
        const err18 = { instancePath: instancePath + "/wait", schemaPath: "#/properties/wait/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
      }
    }
    if (data.poll !== void 0) {
      let data6 = data.poll;
      if (typeof data6 == "number" && isFinite(data6)) {
        if (data6 > 3600 || isNaN(data6)) {
          const err19 = { instancePath: instancePath + "/poll", schemaPath: "#/properties/poll/maximum", keyword: "maximum", params: { comparison: "<=", limit: 3600 } };
          vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
        }
        if (data6 <= 0 || isNaN(data6)) {
          const err20 = { instancePath: instancePath + "/poll", schemaPath: "#/properties/poll/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 } };
          vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
        }
      } else {
        const err21 = { instancePath: instancePath + "/poll", schemaPath: "#/properties/poll/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
      }
    }
  } else {
    const err22 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
  }
  return validate54.errors = vErrors, errors === 0;
}
validate54.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema22 = { type: "object", additionalProperties: !1, properties: { "//": !0, attempts: { type: "integer", minimum: 1, maximum: 100 }, delay: { type: "number", minimum: 0, maximum: 3600 }, timeout: { type: "number", exclusiveMinimum: 0, maximum: 3600 }, host_key_policy: { type: "string", enum: ["strict", "accept-new"] }, known_hosts_file: { $ref: "#/$defs/file" } } };
const pattern3 = new RegExp("^[^\\u0000-\\u001f\\u007f]{1,4096}$", "u");
function validate57(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate57.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern3.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000-\\u001f\\u007f]{1,4096}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate57.errors = vErrors, errors === 0;
}
validate57.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate56(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate56.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "attempts" || key0 === "delay" || key0 === "timeout" || key0 === "host_key_policy" || key0 === "known_hosts_file")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.attempts !== void 0) {
      let data0 = data.attempts;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
        const err1 = { instancePath: instancePath + "/attempts", schemaPath: "#/properties/attempts/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 100 || isNaN(data0)) {
          const err2 = { instancePath: instancePath + "/attempts", schemaPath: "#/properties/attempts/maximum", keyword: "maximum", params: { comparison: "<=", limit: 100 } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        if (data0 < 1 || isNaN(data0)) {
          const err3 = { instancePath: instancePath + "/attempts", schemaPath: "#/properties/attempts/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      }
    }
    if (data.delay !== void 0) {
      let data1 = data.delay;
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 3600 || isNaN(data1)) {
          const err4 = { instancePath: instancePath + "/delay", schemaPath: "#/properties/delay/maximum", keyword: "maximum", params: { comparison: "<=", limit: 3600 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (data1 < 0 || isNaN(data1)) {
          const err5 = { instancePath: instancePath + "/delay", schemaPath: "#/properties/delay/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/delay", schemaPath: "#/properties/delay/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.timeout !== void 0) {
      let data2 = data.timeout;
      if (typeof data2 == "number" && isFinite(data2)) {
        if (data2 > 3600 || isNaN(data2)) {
          const err7 = { instancePath: instancePath + "/timeout", schemaPath: "#/properties/timeout/maximum", keyword: "maximum", params: { comparison: "<=", limit: 3600 } };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
        if (data2 <= 0 || isNaN(data2)) {
          const err8 = { instancePath: instancePath + "/timeout", schemaPath: "#/properties/timeout/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
      } else {
        const err9 = { instancePath: instancePath + "/timeout", schemaPath: "#/properties/timeout/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.host_key_policy !== void 0) {
      let data3 = data.host_key_policy;
      if (typeof data3 != "string") {
        const err10 = { instancePath: instancePath + "/host_key_policy", schemaPath: "#/properties/host_key_policy/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
      if (!(data3 === "strict" || data3 === "accept-new")) {
        const err11 = { instancePath: instancePath + "/host_key_policy", schemaPath: "#/properties/host_key_policy/enum", keyword: "enum", params: { allowedValues: schema22.properties.host_key_policy.enum } };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
    }
    data.known_hosts_file !== void 0 && (validate57(data.known_hosts_file, { instancePath: instancePath + "/known_hosts_file", parentData: data, parentDataProperty: "known_hosts_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length));
  } else {
    const err12 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
  }
  return validate56.errors = vErrors, errors === 0;
}
validate56.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate61(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate61.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern3.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000-\\u001f\\u007f]{1,4096}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate61.errors = vErrors, errors === 0;
}
validate61.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate60(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate60.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "mgd_command" || key0 === "mgd_socket" || key0 === "rpc_timeout" || key0 === "commit_timeout" || key0 === "lock_wait")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.mgd_command !== void 0) {
      let data0 = data.mgd_command;
      if (Array.isArray(data0)) {
        if (data0.length > 32) {
          const err1 = { instancePath: instancePath + "/mgd_command", schemaPath: "#/properties/mgd_command/maxItems", keyword: "maxItems", params: { limit: 32 } };
          vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
        }
        if (data0.length < 1) {
          const err2 = { instancePath: instancePath + "/mgd_command", schemaPath: "#/properties/mgd_command/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate61(data0[i0], { instancePath: instancePath + "/mgd_command/" + i0, parentData: data0, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate61.errors : vErrors.concat(validate61.errors), errors = vErrors.length);
      } else {
        const err3 = { instancePath: instancePath + "/mgd_command", schemaPath: "#/properties/mgd_command/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.mgd_socket !== void 0 && (validate57(data.mgd_socket, { instancePath: instancePath + "/mgd_socket", parentData: data, parentDataProperty: "mgd_socket", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.rpc_timeout !== void 0) {
      let data3 = data.rpc_timeout;
      if (typeof data3 == "number" && isFinite(data3)) {
        if (data3 > 86400 || isNaN(data3)) {
          const err4 = { instancePath: instancePath + "/rpc_timeout", schemaPath: "#/properties/rpc_timeout/maximum", keyword: "maximum", params: { comparison: "<=", limit: 86400 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (data3 <= 0 || isNaN(data3)) {
          const err5 = { instancePath: instancePath + "/rpc_timeout", schemaPath: "#/properties/rpc_timeout/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/rpc_timeout", schemaPath: "#/properties/rpc_timeout/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.commit_timeout !== void 0) {
      let data4 = data.commit_timeout;
      if (typeof data4 == "number" && isFinite(data4)) {
        if (data4 > 86400 || isNaN(data4)) {
          const err7 = { instancePath: instancePath + "/commit_timeout", schemaPath: "#/properties/commit_timeout/maximum", keyword: "maximum", params: { comparison: "<=", limit: 86400 } };
          vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
        }
        if (data4 <= 0 || isNaN(data4)) {
          const err8 = { instancePath: instancePath + "/commit_timeout", schemaPath: "#/properties/commit_timeout/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
      } else {
        const err9 = { instancePath: instancePath + "/commit_timeout", schemaPath: "#/properties/commit_timeout/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.lock_wait !== void 0) {
      let data5 = data.lock_wait;
      if (typeof data5 == "number" && isFinite(data5)) {
        if (data5 > 86400 || isNaN(data5)) {
          const err10 = { instancePath: instancePath + "/lock_wait", schemaPath: "#/properties/lock_wait/maximum", keyword: "maximum", params: { comparison: "<=", limit: 86400 } };
          vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
        }
        if (data5 < 0 || isNaN(data5)) {
          const err11 = { instancePath: instancePath + "/lock_wait", schemaPath: "#/properties/lock_wait/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
      } else {
        const err12 = { instancePath: instancePath + "/lock_wait", schemaPath: "#/properties/lock_wait/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
      }
    }
  } else {
    const err13 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
  }
  return validate60.errors = vErrors, errors === 0;
}
validate60.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate65(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate65.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "attempt_timeout" || key0 === "deadline")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.attempt_timeout !== void 0) {
      let data0 = data.attempt_timeout;
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 3600 || isNaN(data0)) {
          const err1 = { instancePath: instancePath + "/attempt_timeout", schemaPath: "#/properties/attempt_timeout/maximum", keyword: "maximum", params: { comparison: "<=", limit: 3600 } };
          vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
        }
        if (data0 <= 0 || isNaN(data0)) {
          const err2 = { instancePath: instancePath + "/attempt_timeout", schemaPath: "#/properties/attempt_timeout/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/attempt_timeout", schemaPath: "#/properties/attempt_timeout/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    if (data.deadline !== void 0) {
      let data1 = data.deadline;
      if (typeof data1 == "number" && isFinite(data1)) {
        if (data1 > 3600 || isNaN(data1)) {
          const err4 = { instancePath: instancePath + "/deadline", schemaPath: "#/properties/deadline/maximum", keyword: "maximum", params: { comparison: "<=", limit: 3600 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        if (data1 <= 0 || isNaN(data1)) {
          const err5 = { instancePath: instancePath + "/deadline", schemaPath: "#/properties/deadline/exclusiveMinimum", keyword: "exclusiveMinimum", params: { comparison: ">", limit: 0 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/deadline", schemaPath: "#/properties/deadline/type", keyword: "type", params: { type: "number" } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
  } else {
    const err7 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
  }
  return validate65.errors = vErrors, errors === 0;
}
validate65.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const pattern5 = new RegExp("^20[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])\\.(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?: [+-][0-9]{4})?$", "u");
function validate67(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate67.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern5.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^20[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])\\.(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?: [+-][0-9]{4})?$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate67.errors = vErrors, errors === 0;
}
validate67.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate53(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate53.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "max_threads" || key0 === "rotation" || key0 === "ssh" || key0 === "netconf" || key0 === "kme" || key0 === "event_options")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.max_threads !== void 0) {
      let data0 = data.max_threads;
      if (!(typeof data0 == "number" && !(data0 % 1) && !isNaN(data0) && isFinite(data0))) {
        const err1 = { instancePath: instancePath + "/max_threads", schemaPath: "#/properties/max_threads/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
      if (typeof data0 == "number" && isFinite(data0)) {
        if (data0 > 1e3 || isNaN(data0)) {
          const err2 = { instancePath: instancePath + "/max_threads", schemaPath: "#/properties/max_threads/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        if (data0 < 1 || isNaN(data0)) {
          const err3 = { instancePath: instancePath + "/max_threads", schemaPath: "#/properties/max_threads/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      }
    }
    if (data.rotation !== void 0 && (validate54(data.rotation, { instancePath: instancePath + "/rotation", parentData: data, parentDataProperty: "rotation", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors), errors = vErrors.length)), data.ssh !== void 0 && (validate56(data.ssh, { instancePath: instancePath + "/ssh", parentData: data, parentDataProperty: "ssh", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors), errors = vErrors.length)), data.netconf !== void 0 && (validate60(data.netconf, { instancePath: instancePath + "/netconf", parentData: data, parentDataProperty: "netconf", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate60.errors : vErrors.concat(validate60.errors), errors = vErrors.length)), data.kme !== void 0 && (validate65(data.kme, { instancePath: instancePath + "/kme", parentData: data, parentDataProperty: "kme", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate65.errors : vErrors.concat(validate65.errors), errors = vErrors.length)), data.event_options !== void 0) {
      let data5 = data.event_options;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        for (const key1 in data5)
          if (!(key1 === "//" || key1 === "start_time")) {
            const err4 = { instancePath: instancePath + "/event_options", schemaPath: "#/properties/event_options/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
            vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
          }
        data5.start_time !== void 0 && (validate67(data5.start_time, { instancePath: instancePath + "/event_options/start_time", parentData: data5, parentDataProperty: "start_time", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate67.errors : vErrors.concat(validate67.errors), errors = vErrors.length));
      } else {
        const err5 = { instancePath: instancePath + "/event_options", schemaPath: "#/properties/event_options/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
  } else {
    const err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
  }
  return validate53.errors = vErrors, errors === 0;
}
validate53.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const pattern6 = new RegExp("^[^{}\\u0000-\\u001f\\u007f]{0,2048}\\{\\}[^{}\\u0000-\\u001f\\u007f]{0,2048}$", "u");
function validate75(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate75.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern6.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^{}\\u0000-\\u001f\\u007f]{0,2048}\\{\\}[^{}\\u0000-\\u001f\\u007f]{0,2048}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate75.errors = vErrors, errors === 0;
}
validate75.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern7 = new RegExp("^[A-Za-z0-9_@%+=:,./-]{0,900}\\{\\}[A-Za-z0-9_@%+=:,./-]{0,900}$", "u");
function validate70(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate70.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "home" || key0 === "certificates" || key0 === "records" || key0 === "logs" || key0 === "record" || key0 === "peer_record")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.home !== void 0 && (validate57(data.home, { instancePath: instancePath + "/home", parentData: data, parentDataProperty: "home", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.certificates !== void 0 && (validate57(data.certificates, { instancePath: instancePath + "/certificates", parentData: data, parentDataProperty: "certificates", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.records !== void 0 && (validate57(data.records, { instancePath: instancePath + "/records", parentData: data, parentDataProperty: "records", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.logs !== void 0 && (validate57(data.logs, { instancePath: instancePath + "/logs", parentData: data, parentDataProperty: "logs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.record !== void 0 && (validate75(data.record, { instancePath: instancePath + "/record", parentData: data, parentDataProperty: "record", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors), errors = vErrors.length)), data.peer_record !== void 0) {
      let data5 = data.peer_record;
      if (typeof data5 == "string") {
        if (!pattern7.test(data5)) {
          const err1 = { instancePath: instancePath + "/peer_record", schemaPath: "#/properties/peer_record/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_@%+=:,./-]{0,900}\\{\\}[A-Za-z0-9_@%+=:,./-]{0,900}$" } };
          vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/peer_record", schemaPath: "#/properties/peer_record/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    }
  } else {
    const err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
  }
  return validate70.errors = vErrors, errors === 0;
}
validate70.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const pattern8 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}$", "u");
function validate79(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate79.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern8.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate79.errors = vErrors, errors === 0;
}
validate79.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern9 = new RegExp("^[^\\u0000-\\u001f\\u007f]{1,1024}$", "u");
function validate81(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate81.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern9.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000-\\u001f\\u007f]{1,1024}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate81.errors = vErrors, errors === 0;
}
validate81.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern10 = new RegExp("^(?![0-9A-Fa-f]{32,128}$|-----BEGIN)[^\\u0000-\\u001f\\u007f]{1,4096}$", "u");
function validate83(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate83.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern10.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?![0-9A-Fa-f]{32,128}$|-----BEGIN)[^\\u0000-\\u001f\\u007f]{1,4096}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate83.errors = vErrors, errors === 0;
}
validate83.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern11 = new RegExp("^(?![0-9A-Fa-f]{32,128}$)[A-Za-z_][A-Za-z0-9_]{0,127}$", "u");
function validate85(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate85.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern11.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?![0-9A-Fa-f]{32,128}$)[A-Za-z_][A-Za-z0-9_]{0,127}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate85.errors = vErrors, errors === 0;
}
validate85.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate78(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate78.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "username" || key0 === "password" || key0 === "password_file" || key0 === "password_env" || key0 === "private_key_file" || key0 === "passphrase_file" || key0 === "passphrase_env")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    data.username !== void 0 && (validate79(data.username, { instancePath: instancePath + "/username", parentData: data, parentDataProperty: "username", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate79.errors : vErrors.concat(validate79.errors), errors = vErrors.length)), data.password !== void 0 && (validate81(data.password, { instancePath: instancePath + "/password", parentData: data, parentDataProperty: "password", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.password_file !== void 0 && (validate83(data.password_file, { instancePath: instancePath + "/password_file", parentData: data, parentDataProperty: "password_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.password_env !== void 0 && (validate85(data.password_env, { instancePath: instancePath + "/password_env", parentData: data, parentDataProperty: "password_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length)), data.private_key_file !== void 0 && (validate83(data.private_key_file, { instancePath: instancePath + "/private_key_file", parentData: data, parentDataProperty: "private_key_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.passphrase_file !== void 0 && (validate83(data.passphrase_file, { instancePath: instancePath + "/passphrase_file", parentData: data, parentDataProperty: "passphrase_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.passphrase_env !== void 0 && (validate85(data.passphrase_env, { instancePath: instancePath + "/passphrase_env", parentData: data, parentDataProperty: "passphrase_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length));
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate78.errors = vErrors, errors === 0;
}
validate78.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema35 = { type: "object", additionalProperties: !1, properties: { "//": !0, ca_cert: { type: "object", additionalProperties: !1, properties: { "//": !0, fetch: { type: "boolean" }, generate: { type: "boolean" } } }, ca_server_ip: { $ref: "#/$defs/address" }, ca_user: { $ref: "#/$defs/user_name" }, ca_pass: { $ref: "#/$defs/secret" }, ca_pass_file: { $ref: "#/$defs/secret_file" }, ca_pass_env: { $ref: "#/$defs/secret_env" }, ca_path: { $ref: "#/$defs/remote_path" }, ca_cert_name: { $ref: "#/$defs/file_name" }, ca_key_name: { $ref: "#/$defs/file_name" } } }, func1 = Object.prototype.hasOwnProperty;
const pattern12 = new RegExp("^[A-Za-z0-9:][A-Za-z0-9._:%-]{0,252}$", "u");
function validate92(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate92.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern12.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9:][A-Za-z0-9._:%-]{0,252}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate92.errors = vErrors, errors === 0;
}
validate92.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern13 = new RegExp("^[A-Za-z0-9_./][A-Za-z0-9_@%+=:,./-]{0,1023}$", "u");
function validate98(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate98.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern13.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_./][A-Za-z0-9_@%+=:,./-]{0,1023}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate98.errors = vErrors, errors === 0;
}
validate98.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern14 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_@%+=:,.-]{0,254}$", "u");
function validate100(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate100.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern14.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_@%+=:,.-]{0,254}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate100.errors = vErrors, errors === 0;
}
validate100.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate91(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate91.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!func1.call(schema35.properties, key0)) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.ca_cert !== void 0) {
      let data0 = data.ca_cert;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (const key1 in data0)
          if (!(key1 === "//" || key1 === "fetch" || key1 === "generate")) {
            const err1 = { instancePath: instancePath + "/ca_cert", schemaPath: "#/properties/ca_cert/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
            vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
          }
        if (data0.fetch !== void 0 && typeof data0.fetch != "boolean") {
          const err2 = { instancePath: instancePath + "/ca_cert/fetch", schemaPath: "#/properties/ca_cert/properties/fetch/type", keyword: "type", params: { type: "boolean" } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
        if (data0.generate !== void 0 && typeof data0.generate != "boolean") {
          const err3 = { instancePath: instancePath + "/ca_cert/generate", schemaPath: "#/properties/ca_cert/properties/generate/type", keyword: "type", params: { type: "boolean" } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
      } else {
        const err4 = { instancePath: instancePath + "/ca_cert", schemaPath: "#/properties/ca_cert/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    data.ca_server_ip !== void 0 && (validate92(data.ca_server_ip, { instancePath: instancePath + "/ca_server_ip", parentData: data, parentDataProperty: "ca_server_ip", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors), errors = vErrors.length)), data.ca_user !== void 0 && (validate79(data.ca_user, { instancePath: instancePath + "/ca_user", parentData: data, parentDataProperty: "ca_user", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate79.errors : vErrors.concat(validate79.errors), errors = vErrors.length)), data.ca_pass !== void 0 && (validate81(data.ca_pass, { instancePath: instancePath + "/ca_pass", parentData: data, parentDataProperty: "ca_pass", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.ca_pass_file !== void 0 && (validate83(data.ca_pass_file, { instancePath: instancePath + "/ca_pass_file", parentData: data, parentDataProperty: "ca_pass_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.ca_pass_env !== void 0 && (validate85(data.ca_pass_env, { instancePath: instancePath + "/ca_pass_env", parentData: data, parentDataProperty: "ca_pass_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length)), data.ca_path !== void 0 && (validate98(data.ca_path, { instancePath: instancePath + "/ca_path", parentData: data, parentDataProperty: "ca_path", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate98.errors : vErrors.concat(validate98.errors), errors = vErrors.length)), data.ca_cert_name !== void 0 && (validate100(data.ca_cert_name, { instancePath: instancePath + "/ca_cert_name", parentData: data, parentDataProperty: "ca_cert_name", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate100.errors : vErrors.concat(validate100.errors), errors = vErrors.length)), data.ca_key_name !== void 0 && (validate100(data.ca_key_name, { instancePath: instancePath + "/ca_key_name", parentData: data, parentDataProperty: "ca_key_name", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate100.errors : vErrors.concat(validate100.errors), errors = vErrors.length));
  } else {
    const err5 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
  }
  return validate91.errors = vErrors, errors === 0;
}
validate91.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const pattern15 = new RegExp("^(?:(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}|//)$", "u");
function validate104(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate104.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern15.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?:(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}|//)$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate104.errors = vErrors, errors === 0;
}
validate104.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const schema40 = { type: "object", additionalProperties: !1, required: ["ip", "kme"], properties: { "//": !0, ip: { type: ["string", "array"], pattern: "^[A-Za-z0-9:][A-Za-z0-9._:%-]{0,252}$", minItems: 1, maxItems: 16, items: { $ref: "#/$defs/address" } }, port: { type: "integer", minimum: 1, maximum: 65535 }, host_key: { type: ["string", "array"], pattern: "^SHA256:[A-Za-z0-9+/]{43}=?$", minItems: 1, maxItems: 16, items: { $ref: "#/$defs/fingerprint" } }, sae_id: { type: "string", pattern: "^[A-Za-z0-9_][A-Za-z0-9._~:@=+-]{0,127}$" }, root_enc_pass: { $ref: "#/$defs/encrypted_password" }, root_enc_pass_file: { $ref: "#/$defs/secret_file" }, root_enc_pass_env: { $ref: "#/$defs/secret_env" }, kme: { $ref: "#/$defs/kme" } } }, pattern17 = new RegExp("^SHA256:[A-Za-z0-9+/]{43}=?$", "u"), pattern19 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._~:@=+-]{0,127}$", "u");
function validate108(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate108.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern17.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^SHA256:[A-Za-z0-9+/]{43}=?$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate108.errors = vErrors, errors === 0;
}
validate108.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern20 = new RegExp("^\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000}$", "u");
function validate110(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate110.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern20.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate110.errors = vErrors, errors === 0;
}
validate110.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern21 = new RegExp("^https://(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$", "u");
function validate114(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate114.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.url === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "url" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "url" || key0 === "ca_file" || key0 === "cert_file" || key0 === "key_file" || key0 === "server_name" || key0 === "address")) {
        const err1 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    if (data.url !== void 0) {
      let data0 = data.url;
      if (typeof data0 == "string") {
        if (!pattern21.test(data0)) {
          const err2 = { instancePath: instancePath + "/url", schemaPath: "#/properties/url/pattern", keyword: "pattern", params: { pattern: "^https://(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$" } };
          vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
        }
      } else {
        const err3 = { instancePath: instancePath + "/url", schemaPath: "#/properties/url/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    data.ca_file !== void 0 && (validate57(data.ca_file, { instancePath: instancePath + "/ca_file", parentData: data, parentDataProperty: "ca_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.cert_file !== void 0 && (validate57(data.cert_file, { instancePath: instancePath + "/cert_file", parentData: data, parentDataProperty: "cert_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.key_file !== void 0 && (validate83(data.key_file, { instancePath: instancePath + "/key_file", parentData: data, parentDataProperty: "key_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.server_name !== void 0 && (validate92(data.server_name, { instancePath: instancePath + "/server_name", parentData: data, parentDataProperty: "server_name", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors), errors = vErrors.length)), data.address !== void 0 && (validate92(data.address, { instancePath: instancePath + "/address", parentData: data, parentDataProperty: "address", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors), errors = vErrors.length));
  } else {
    const err4 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
  }
  return validate114.errors = vErrors, errors === 0;
}
validate114.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate106(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate106.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.ip === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "ip" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.kme === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "kme" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (const key0 in data)
      if (!func1.call(schema40.properties, key0)) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.ip !== void 0) {
      let data0 = data.ip;
      if (typeof data0 != "string" && !Array.isArray(data0)) {
        const err3 = { instancePath: instancePath + "/ip", schemaPath: "#/properties/ip/type", keyword: "type", params: { type: schema40.properties.ip.type } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
      if (typeof data0 == "string" && !pattern12.test(data0)) {
        const err4 = { instancePath: instancePath + "/ip", schemaPath: "#/properties/ip/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9:][A-Za-z0-9._:%-]{0,252}$" } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
      if (Array.isArray(data0)) {
        if (data0.length > 16) {
          const err5 = { instancePath: instancePath + "/ip", schemaPath: "#/properties/ip/maxItems", keyword: "maxItems", params: { limit: 16 } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
        if (data0.length < 1) {
          const err6 = { instancePath: instancePath + "/ip", schemaPath: "#/properties/ip/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
        const len0 = data0.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate92(data0[i0], { instancePath: instancePath + "/ip/" + i0, parentData: data0, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate92.errors : vErrors.concat(validate92.errors), errors = vErrors.length);
      }
    }
    if (data.port !== void 0) {
      let data2 = data.port;
      if (!(typeof data2 == "number" && !(data2 % 1) && !isNaN(data2) && isFinite(data2))) {
        const err7 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/type", keyword: "type", params: { type: "integer" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (typeof data2 == "number" && isFinite(data2)) {
        if (data2 > 65535 || isNaN(data2)) {
          const err8 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/maximum", keyword: "maximum", params: { comparison: "<=", limit: 65535 } };
          vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
        }
        if (data2 < 1 || isNaN(data2)) {
          const err9 = { instancePath: instancePath + "/port", schemaPath: "#/properties/port/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
          vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
        }
      }
    }
    if (data.host_key !== void 0) {
      let data3 = data.host_key;
      if (typeof data3 != "string" && !Array.isArray(data3)) {
        const err10 = { instancePath: instancePath + "/host_key", schemaPath: "#/properties/host_key/type", keyword: "type", params: { type: schema40.properties.host_key.type } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
      if (typeof data3 == "string" && !pattern17.test(data3)) {
        const err11 = { instancePath: instancePath + "/host_key", schemaPath: "#/properties/host_key/pattern", keyword: "pattern", params: { pattern: "^SHA256:[A-Za-z0-9+/]{43}=?$" } };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
      if (Array.isArray(data3)) {
        if (data3.length > 16) {
          const err12 = { instancePath: instancePath + "/host_key", schemaPath: "#/properties/host_key/maxItems", keyword: "maxItems", params: { limit: 16 } };
          vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
        }
        if (data3.length < 1) {
          const err13 = { instancePath: instancePath + "/host_key", schemaPath: "#/properties/host_key/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
        }
        const len1 = data3.length;
        for (let i1 = 0; i1 < len1; i1++)
          validate108(data3[i1], { instancePath: instancePath + "/host_key/" + i1, parentData: data3, parentDataProperty: i1, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate108.errors : vErrors.concat(validate108.errors), errors = vErrors.length);
      }
    }
    if (data.sae_id !== void 0) {
      let data5 = data.sae_id;
      if (typeof data5 == "string") {
        if (!pattern19.test(data5)) {
          const err14 = { instancePath: instancePath + "/sae_id", schemaPath: "#/properties/sae_id/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9._~:@=+-]{0,127}$" } };
          vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
        }
      } else {
        const err15 = { instancePath: instancePath + "/sae_id", schemaPath: "#/properties/sae_id/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
      }
    }
    data.root_enc_pass !== void 0 && (validate110(data.root_enc_pass, { instancePath: instancePath + "/root_enc_pass", parentData: data, parentDataProperty: "root_enc_pass", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate110.errors : vErrors.concat(validate110.errors), errors = vErrors.length)), data.root_enc_pass_file !== void 0 && (validate83(data.root_enc_pass_file, { instancePath: instancePath + "/root_enc_pass_file", parentData: data, parentDataProperty: "root_enc_pass_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.root_enc_pass_env !== void 0 && (validate85(data.root_enc_pass_env, { instancePath: instancePath + "/root_enc_pass_env", parentData: data, parentDataProperty: "root_enc_pass_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length)), data.kme !== void 0 && (validate114(data.kme, { instancePath: instancePath + "/kme", parentData: data, parentDataProperty: "kme", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate114.errors : vErrors.concat(validate114.errors), errors = vErrors.length));
  } else {
    const err16 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
  }
  return validate106.errors = vErrors, errors === 0;
}
validate106.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const schema44 = { type: "object", additionalProperties: !1, required: ["name", "connectivity_association", "master", "slaves"], properties: { "//": !0, name: { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$" }, connectivity_association: { $ref: "#/$defs/connectivity_association" }, method: { type: "string", enum: ["key-chain", "pre-shared-key"] }, cipher_suite: { type: "string", enum: ["gcm-aes-128", "gcm-aes-256", "gcm-aes-xpn-128", "gcm-aes-xpn-256"] }, ckn_prefix: { type: "string", pattern: "^[0-9A-Fa-f]{32}$" }, initial_key: { type: "object", additionalProperties: !1, required: ["ckn"], properties: { "//": !0, ckn: { type: "string", pattern: "^[0-9A-Fa-f]{64}$" }, cak: { $ref: "#/$defs/secret" }, cak_file: { $ref: "#/$defs/secret_file" }, cak_env: { $ref: "#/$defs/secret_env" } } }, master: { $ref: "#/$defs/end" }, slaves: { type: "array", minItems: 1, maxItems: 64, items: { $ref: "#/$defs/end" } } } }, pattern22 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$", "u"), pattern24 = new RegExp("^[0-9A-Fa-f]{32}$", "u"), pattern25 = new RegExp("^[0-9A-Fa-f]{64}$", "u");
const pattern23 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$", "u");
function validate123(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate123.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern23.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate123.errors = vErrors, errors === 0;
}
validate123.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern26 = new RegExp("^(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", "u");
function validate129(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate129.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern26.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate129.errors = vErrors, errors === 0;
}
validate129.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern27 = new RegExp("^[a-z]{2,8}(?:-[0-9]{1,3}/[0-9]{1,3}/[0-9]{1,3}(?::[0-9]{1,2})?|[0-9]{1,4})$", "u");
function validate131(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate131.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern27.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[a-z]{2,8}(?:-[0-9]{1,3}/[0-9]{1,3}/[0-9]{1,3}(?::[0-9]{1,2})?|[0-9]{1,4})$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate131.errors = vErrors, errors === 0;
}
validate131.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate128(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate128.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.device === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "device" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.interfaces === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "interfaces" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "device" || key0 === "interfaces")) {
        const err2 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    if (data.device !== void 0 && (validate129(data.device, { instancePath: instancePath + "/device", parentData: data, parentDataProperty: "device", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate129.errors : vErrors.concat(validate129.errors), errors = vErrors.length)), data.interfaces !== void 0) {
      let data1 = data.interfaces;
      if (Array.isArray(data1)) {
        if (data1.length > 256) {
          const err3 = { instancePath: instancePath + "/interfaces", schemaPath: "#/properties/interfaces/maxItems", keyword: "maxItems", params: { limit: 256 } };
          vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
        }
        if (data1.length < 1) {
          const err4 = { instancePath: instancePath + "/interfaces", schemaPath: "#/properties/interfaces/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
        }
        const len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate131(data1[i0], { instancePath: instancePath + "/interfaces/" + i0, parentData: data1, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate131.errors : vErrors.concat(validate131.errors), errors = vErrors.length);
      } else {
        const err5 = { instancePath: instancePath + "/interfaces", schemaPath: "#/properties/interfaces/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
  } else {
    const err6 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
  }
  return validate128.errors = vErrors, errors === 0;
}
validate128.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate122(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate122.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.name === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "name" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.connectivity_association === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "connectivity_association" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.master === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "master" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    if (data.slaves === void 0) {
      const err3 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "slaves" } };
      vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
    }
    for (const key0 in data)
      if (!func1.call(schema44.properties, key0)) {
        const err4 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    if (data.name !== void 0) {
      let data0 = data.name;
      if (typeof data0 == "string") {
        if (!pattern22.test(data0)) {
          const err5 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$" } };
          vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
        }
      } else {
        const err6 = { instancePath: instancePath + "/name", schemaPath: "#/properties/name/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
      }
    }
    if (data.connectivity_association !== void 0 && (validate123(data.connectivity_association, { instancePath: instancePath + "/connectivity_association", parentData: data, parentDataProperty: "connectivity_association", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate123.errors : vErrors.concat(validate123.errors), errors = vErrors.length)), data.method !== void 0) {
      let data2 = data.method;
      if (typeof data2 != "string") {
        const err7 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
      if (!(data2 === "key-chain" || data2 === "pre-shared-key")) {
        const err8 = { instancePath: instancePath + "/method", schemaPath: "#/properties/method/enum", keyword: "enum", params: { allowedValues: schema44.properties.method.enum } };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.cipher_suite !== void 0) {
      let data3 = data.cipher_suite;
      if (typeof data3 != "string") {
        const err9 = { instancePath: instancePath + "/cipher_suite", schemaPath: "#/properties/cipher_suite/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
      if (!(data3 === "gcm-aes-128" || data3 === "gcm-aes-256" || data3 === "gcm-aes-xpn-128" || data3 === "gcm-aes-xpn-256")) {
        const err10 = { instancePath: instancePath + "/cipher_suite", schemaPath: "#/properties/cipher_suite/enum", keyword: "enum", params: { allowedValues: schema44.properties.cipher_suite.enum } };
        vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
      }
    }
    if (data.ckn_prefix !== void 0) {
      let data4 = data.ckn_prefix;
      if (typeof data4 == "string") {
        if (!pattern24.test(data4)) {
          const err11 = { instancePath: instancePath + "/ckn_prefix", schemaPath: "#/properties/ckn_prefix/pattern", keyword: "pattern", params: { pattern: "^[0-9A-Fa-f]{32}$" } };
          vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
        }
      } else {
        const err12 = { instancePath: instancePath + "/ckn_prefix", schemaPath: "#/properties/ckn_prefix/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
      }
    }
    if (data.initial_key !== void 0) {
      let data5 = data.initial_key;
      if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
        if (data5.ckn === void 0) {
          const err13 = { instancePath: instancePath + "/initial_key", schemaPath: "#/properties/initial_key/required", keyword: "required", params: { missingProperty: "ckn" } };
          vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
        }
        for (const key1 in data5)
          if (!(key1 === "//" || key1 === "ckn" || key1 === "cak" || key1 === "cak_file" || key1 === "cak_env")) {
            const err14 = { instancePath: instancePath + "/initial_key", schemaPath: "#/properties/initial_key/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 } };
            vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
          }
        if (data5.ckn !== void 0) {
          let data6 = data5.ckn;
          if (typeof data6 == "string") {
            if (!pattern25.test(data6)) {
              const err15 = { instancePath: instancePath + "/initial_key/ckn", schemaPath: "#/properties/initial_key/properties/ckn/pattern", keyword: "pattern", params: { pattern: "^[0-9A-Fa-f]{64}$" } };
              vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
            }
          } else {
            const err16 = { instancePath: instancePath + "/initial_key/ckn", schemaPath: "#/properties/initial_key/properties/ckn/type", keyword: "type", params: { type: "string" } };
            vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
          }
        }
        data5.cak !== void 0 && (validate81(data5.cak, { instancePath: instancePath + "/initial_key/cak", parentData: data5, parentDataProperty: "cak", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data5.cak_file !== void 0 && (validate83(data5.cak_file, { instancePath: instancePath + "/initial_key/cak_file", parentData: data5, parentDataProperty: "cak_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data5.cak_env !== void 0 && (validate85(data5.cak_env, { instancePath: instancePath + "/initial_key/cak_env", parentData: data5, parentDataProperty: "cak_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length));
      } else {
        const err17 = { instancePath: instancePath + "/initial_key", schemaPath: "#/properties/initial_key/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
      }
    }
    if (data.master !== void 0 && (validate128(data.master, { instancePath: instancePath + "/master", parentData: data, parentDataProperty: "master", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate128.errors : vErrors.concat(validate128.errors), errors = vErrors.length)), data.slaves !== void 0) {
      let data11 = data.slaves;
      if (Array.isArray(data11)) {
        if (data11.length > 64) {
          const err18 = { instancePath: instancePath + "/slaves", schemaPath: "#/properties/slaves/maxItems", keyword: "maxItems", params: { limit: 64 } };
          vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
        }
        if (data11.length < 1) {
          const err19 = { instancePath: instancePath + "/slaves", schemaPath: "#/properties/slaves/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
        }
        const len0 = data11.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate128(data11[i0], { instancePath: instancePath + "/slaves/" + i0, parentData: data11, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate128.errors : vErrors.concat(validate128.errors), errors = vErrors.length);
      } else {
        const err20 = { instancePath: instancePath + "/slaves", schemaPath: "#/properties/slaves/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
      }
    }
  } else {
    const err21 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
  }
  return validate122.errors = vErrors, errors === 0;
}
validate122.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate52(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate52.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.secrets === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "secrets" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.devices === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "devices" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.links === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "links" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "system" || key0 === "paths" || key0 === "secrets" || key0 === "ca_server" || key0 === "devices" || key0 === "links")) {
        const err3 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    if (data.system !== void 0 && (validate53(data.system, { instancePath: instancePath + "/system", parentData: data, parentDataProperty: "system", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors), errors = vErrors.length)), data.paths !== void 0 && (validate70(data.paths, { instancePath: instancePath + "/paths", parentData: data, parentDataProperty: "paths", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors), errors = vErrors.length)), data.secrets !== void 0 && (validate78(data.secrets, { instancePath: instancePath + "/secrets", parentData: data, parentDataProperty: "secrets", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate78.errors : vErrors.concat(validate78.errors), errors = vErrors.length)), data.ca_server !== void 0 && (validate91(data.ca_server, { instancePath: instancePath + "/ca_server", parentData: data, parentDataProperty: "ca_server", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate91.errors : vErrors.concat(validate91.errors), errors = vErrors.length)), data.devices !== void 0) {
      let data4 = data.devices;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (const key1 in data4) {
          const _errs8 = errors;
          validate104(key1, { instancePath: instancePath + "/devices", parentData: data4, parentDataProperty: "devices", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate104.errors : vErrors.concat(validate104.errors), errors = vErrors.length);
          var valid1 = _errs8 === errors;
          if (!valid1) {
            const err4 = { instancePath: instancePath + "/devices", schemaPath: "#/properties/devices/propertyNames", keyword: "propertyNames", params: { propertyName: key1 } };
            vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
          }
        }
        for (const key2 in data4)
          key2 !== "//" && (validate106(data4[key2], { instancePath: instancePath + "/devices/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), parentData: data4, parentDataProperty: key2, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate106.errors : vErrors.concat(validate106.errors), errors = vErrors.length));
      } else {
        const err5 = { instancePath: instancePath + "/devices", schemaPath: "#/properties/devices/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
      }
    }
    if (data.links !== void 0) {
      let data6 = data.links;
      if (Array.isArray(data6)) {
        if (data6.length < 1) {
          const err6 = { instancePath: instancePath + "/links", schemaPath: "#/properties/links/minItems", keyword: "minItems", params: { limit: 1 } };
          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
        }
        const len0 = data6.length;
        for (let i0 = 0; i0 < len0; i0++)
          validate122(data6[i0], { instancePath: instancePath + "/links/" + i0, parentData: data6, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate122.errors : vErrors.concat(validate122.errors), errors = vErrors.length);
      } else {
        const err7 = { instancePath: instancePath + "/links", schemaPath: "#/properties/links/type", keyword: "type", params: { type: "array" } };
        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
      }
    }
  } else {
    const err8 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
  }
  return validate52.errors = vErrors, errors === 0;
}
validate52.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
const validateOriginalDictionary = validate136, schema49 = { $schema: "https://json-schema.org/draft/2020-12/schema", $id: "original-dictionary.schema.json", type: "object", required: ["secrets", "CA_server", "qkd_roles"], properties: { "//": !0, system: { type: "object", additionalProperties: !1, properties: { "//": !0, maxthreads: { type: "integer", minimum: 1, maximum: 1e3 }, max_threads: { type: "integer", minimum: 1, maximum: 1e3 }, event_options: { type: "object", additionalProperties: !1, properties: { "//": !0, start_time: { $ref: "inventory.schema.json#/$defs/junos_time" } } } } }, paths: { $ref: "inventory.schema.json#/$defs/paths" }, secrets: { $ref: "inventory.schema.json#/$defs/secrets" }, CA_server: { type: "object", additionalProperties: !1, required: ["c_a"], properties: { "//": !0, CA_cert: { type: "object", additionalProperties: !1, properties: { "//": !0, fetch: { type: "boolean" }, generate: { type: "boolean" } } }, c_a: { $ref: "inventory.schema.json#/$defs/connectivity_association" }, ca_server_ip: { $ref: "inventory.schema.json#/$defs/address" }, ca_user: { $ref: "inventory.schema.json#/$defs/user_name" }, ca_pass: { $ref: "inventory.schema.json#/$defs/secret" }, ca_pass_file: { $ref: "inventory.schema.json#/$defs/secret_file" }, ca_pass_env: { $ref: "inventory.schema.json#/$defs/secret_env" }, ca_path: { $ref: "inventory.schema.json#/$defs/remote_path" }, ca_cert_name: { $ref: "inventory.schema.json#/$defs/file_name" }, ca_key_name: { $ref: "inventory.schema.json#/$defs/file_name" } } }, qkd_roles: { type: "object", additionalProperties: !1, required: ["master", "slave"], properties: { "//": !0, master: { $ref: "inventory.schema.json#/$defs/device_name" }, slave: { $ref: "inventory.schema.json#/$defs/device_name" }, additional_slave_SAE_IDs: { type: "array", maxItems: 63, items: { $ref: "inventory.schema.json#/$defs/device_name" } } } } }, propertyNames: { $ref: "inventory.schema.json#/$defs/device_member" }, additionalProperties: { type: "object", additionalProperties: !1, required: ["ip", "interfaces", "kme"], properties: { "//": !0, ip: { $ref: "inventory.schema.json#/$defs/address" }, root_enc_pass: { type: "string", pattern: "^(?:\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000})?$" }, interfaces: { type: "array", minItems: 1, maxItems: 256, items: { $ref: "inventory.schema.json#/$defs/interface" } }, kme: { type: "object", additionalProperties: !1, required: ["kme_name"], properties: { "//": !0, kme_name: { type: "string", pattern: "^(?:https://)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$" }, kme_ip: { $ref: "inventory.schema.json#/$defs/address" } } } } } };
function validate137(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate137.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern15.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?:(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}|//)$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate137.errors = vErrors, errors === 0;
}
validate137.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate139(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate139.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern12.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9:][A-Za-z0-9._:%-]{0,252}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate139.errors = vErrors, errors === 0;
}
validate139.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate141(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate141.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern27.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[a-z]{2,8}(?:-[0-9]{1,3}/[0-9]{1,3}/[0-9]{1,3}(?::[0-9]{1,2})?|[0-9]{1,4})$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate141.errors = vErrors, errors === 0;
}
validate141.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate144(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate144.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern5.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^20[0-9]{2}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12][0-9]|3[01])\\.(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?: [+-][0-9]{4})?$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate144.errors = vErrors, errors === 0;
}
validate144.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate146(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate146.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "home" || key0 === "certificates" || key0 === "records" || key0 === "logs" || key0 === "record" || key0 === "peer_record")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.home !== void 0 && (validate57(data.home, { instancePath: instancePath + "/home", parentData: data, parentDataProperty: "home", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.certificates !== void 0 && (validate57(data.certificates, { instancePath: instancePath + "/certificates", parentData: data, parentDataProperty: "certificates", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.records !== void 0 && (validate57(data.records, { instancePath: instancePath + "/records", parentData: data, parentDataProperty: "records", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.logs !== void 0 && (validate57(data.logs, { instancePath: instancePath + "/logs", parentData: data, parentDataProperty: "logs", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate57.errors : vErrors.concat(validate57.errors), errors = vErrors.length)), data.record !== void 0 && (validate75(data.record, { instancePath: instancePath + "/record", parentData: data, parentDataProperty: "record", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate75.errors : vErrors.concat(validate75.errors), errors = vErrors.length)), data.peer_record !== void 0) {
      let data5 = data.peer_record;
      if (typeof data5 == "string") {
        if (!pattern7.test(data5)) {
          const err1 = { instancePath: instancePath + "/peer_record", schemaPath: "#/properties/peer_record/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_@%+=:,./-]{0,900}\\{\\}[A-Za-z0-9_@%+=:,./-]{0,900}$" } };
          vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
        }
      } else {
        const err2 = { instancePath: instancePath + "/peer_record", schemaPath: "#/properties/peer_record/type", keyword: "type", params: { type: "string" } };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
    }
  } else {
    const err3 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
  }
  return validate146.errors = vErrors, errors === 0;
}
validate146.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate153(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate153.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    for (const key0 in data)
      if (!(key0 === "//" || key0 === "username" || key0 === "password" || key0 === "password_file" || key0 === "password_env" || key0 === "private_key_file" || key0 === "passphrase_file" || key0 === "passphrase_env")) {
        const err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 } };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    data.username !== void 0 && (validate79(data.username, { instancePath: instancePath + "/username", parentData: data, parentDataProperty: "username", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate79.errors : vErrors.concat(validate79.errors), errors = vErrors.length)), data.password !== void 0 && (validate81(data.password, { instancePath: instancePath + "/password", parentData: data, parentDataProperty: "password", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate81.errors : vErrors.concat(validate81.errors), errors = vErrors.length)), data.password_file !== void 0 && (validate83(data.password_file, { instancePath: instancePath + "/password_file", parentData: data, parentDataProperty: "password_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.password_env !== void 0 && (validate85(data.password_env, { instancePath: instancePath + "/password_env", parentData: data, parentDataProperty: "password_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length)), data.private_key_file !== void 0 && (validate83(data.private_key_file, { instancePath: instancePath + "/private_key_file", parentData: data, parentDataProperty: "private_key_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.passphrase_file !== void 0 && (validate83(data.passphrase_file, { instancePath: instancePath + "/passphrase_file", parentData: data, parentDataProperty: "passphrase_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate83.errors : vErrors.concat(validate83.errors), errors = vErrors.length)), data.passphrase_env !== void 0 && (validate85(data.passphrase_env, { instancePath: instancePath + "/passphrase_env", parentData: data, parentDataProperty: "passphrase_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate85.errors : vErrors.concat(validate85.errors), errors = vErrors.length));
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate153.errors = vErrors, errors === 0;
}
validate153.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
function validate162(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate162.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern23.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]{0,31}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate162.errors = vErrors, errors === 0;
}
validate162.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate165(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate165.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern8.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate165.errors = vErrors, errors === 0;
}
validate165.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate167(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate167.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern9.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[^\\u0000-\\u001f\\u007f]{1,1024}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate167.errors = vErrors, errors === 0;
}
validate167.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate169(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate169.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern10.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?![0-9A-Fa-f]{32,128}$|-----BEGIN)[^\\u0000-\\u001f\\u007f]{1,4096}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate169.errors = vErrors, errors === 0;
}
validate169.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate171(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate171.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern11.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?![0-9A-Fa-f]{32,128}$)[A-Za-z_][A-Za-z0-9_]{0,127}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate171.errors = vErrors, errors === 0;
}
validate171.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate173(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate173.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern13.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_./][A-Za-z0-9_@%+=:,./-]{0,1023}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate173.errors = vErrors, errors === 0;
}
validate173.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate175(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate175.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern14.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9_][A-Za-z0-9_@%+=:,.-]{0,254}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate175.errors = vErrors, errors === 0;
}
validate175.evaluated = { dynamicProps: !1, dynamicItems: !1 };
function validate178(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate178.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), typeof data == "string") {
    if (!pattern26.test(data)) {
      const err0 = { instancePath, schemaPath: "#/pattern", keyword: "pattern", params: { pattern: "^(?!(?:version|written_at|links)$)[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
  } else {
    const err1 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "string" } };
    vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
  }
  return validate178.errors = vErrors, errors === 0;
}
validate178.evaluated = { dynamicProps: !1, dynamicItems: !1 };
const pattern30 = new RegExp("^(?:\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000})?$", "u"), pattern32 = new RegExp("^(?:https://)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$", "u");
function validate136(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  let vErrors = null, errors = 0;
  const evaluated0 = validate136.evaluated;
  if (evaluated0.dynamicProps && (evaluated0.props = void 0), evaluated0.dynamicItems && (evaluated0.items = void 0), data && typeof data == "object" && !Array.isArray(data)) {
    if (data.secrets === void 0) {
      const err0 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "secrets" } };
      vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
    }
    if (data.CA_server === void 0) {
      const err1 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "CA_server" } };
      vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
    }
    if (data.qkd_roles === void 0) {
      const err2 = { instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: "qkd_roles" } };
      vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
    }
    for (const key0 in data) {
      const _errs1 = errors;
      validate137(key0, { instancePath, parentData: data, parentDataProperty, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate137.errors : vErrors.concat(validate137.errors), errors = vErrors.length);
      var valid0 = _errs1 === errors;
      if (!valid0) {
        const err3 = { instancePath, schemaPath: "#/propertyNames", keyword: "propertyNames", params: { propertyName: key0 } };
        vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
      }
    }
    for (const key1 in data)
      if (!(key1 === "//" || key1 === "system" || key1 === "paths" || key1 === "secrets" || key1 === "CA_server" || key1 === "qkd_roles")) {
        let data0 = data[key1];
        if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
          if (data0.ip === void 0) {
            const err4 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/required", keyword: "required", params: { missingProperty: "ip" } };
            vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
          }
          if (data0.interfaces === void 0) {
            const err5 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/required", keyword: "required", params: { missingProperty: "interfaces" } };
            vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
          }
          if (data0.kme === void 0) {
            const err6 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/required", keyword: "required", params: { missingProperty: "kme" } };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
          for (const key2 in data0)
            if (!(key2 === "//" || key2 === "ip" || key2 === "root_enc_pass" || key2 === "interfaces" || key2 === "kme")) {
              const err7 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 } };
              vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
            }
          if (data0.ip !== void 0 && (validate139(data0.ip, { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/ip", parentData: data0, parentDataProperty: "ip", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate139.errors : vErrors.concat(validate139.errors), errors = vErrors.length)), data0.root_enc_pass !== void 0) {
            let data2 = data0.root_enc_pass;
            if (typeof data2 == "string") {
              if (!pattern30.test(data2)) {
                const err8 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/root_enc_pass", schemaPath: "#/additionalProperties/properties/root_enc_pass/pattern", keyword: "pattern", params: { pattern: "^(?:\\$[0-9A-Za-z]{1,16}\\$[!#-%(-;=?-~]{1,1000})?$" } };
                vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
              }
            } else {
              const err9 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/root_enc_pass", schemaPath: "#/additionalProperties/properties/root_enc_pass/type", keyword: "type", params: { type: "string" } };
              vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
            }
          }
          if (data0.interfaces !== void 0) {
            let data3 = data0.interfaces;
            if (Array.isArray(data3)) {
              if (data3.length > 256) {
                const err10 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/interfaces", schemaPath: "#/additionalProperties/properties/interfaces/maxItems", keyword: "maxItems", params: { limit: 256 } };
                vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
              }
              if (data3.length < 1) {
                const err11 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/interfaces", schemaPath: "#/additionalProperties/properties/interfaces/minItems", keyword: "minItems", params: { limit: 1 } };
                vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
              }
              const len0 = data3.length;
              for (let i0 = 0; i0 < len0; i0++)
                validate141(data3[i0], { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/interfaces/" + i0, parentData: data3, parentDataProperty: i0, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate141.errors : vErrors.concat(validate141.errors), errors = vErrors.length);
            } else {
              const err12 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/interfaces", schemaPath: "#/additionalProperties/properties/interfaces/type", keyword: "type", params: { type: "array" } };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
          }
          if (data0.kme !== void 0) {
            let data5 = data0.kme;
            if (data5 && typeof data5 == "object" && !Array.isArray(data5)) {
              if (data5.kme_name === void 0) {
                const err13 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/kme", schemaPath: "#/additionalProperties/properties/kme/required", keyword: "required", params: { missingProperty: "kme_name" } };
                vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
              }
              for (const key3 in data5)
                if (!(key3 === "//" || key3 === "kme_name" || key3 === "kme_ip")) {
                  const err14 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/kme", schemaPath: "#/additionalProperties/properties/kme/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 } };
                  vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
                }
              if (data5.kme_name !== void 0) {
                let data6 = data5.kme_name;
                if (typeof data6 == "string") {
                  if (!pattern32.test(data6)) {
                    const err15 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/kme/kme_name", schemaPath: "#/additionalProperties/properties/kme/properties/kme_name/pattern", keyword: "pattern", params: { pattern: "^(?:https://)?(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}\\])(?::[0-9]{1,5})?(?!/api/v1/keys)(?:/[A-Za-z0-9._~-]{1,64}(?!/api/v1/keys)){0,16}/?$" } };
                    vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
                  }
                } else {
                  const err16 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/kme/kme_name", schemaPath: "#/additionalProperties/properties/kme/properties/kme_name/type", keyword: "type", params: { type: "string" } };
                  vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
                }
              }
              data5.kme_ip !== void 0 && (validate139(data5.kme_ip, { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/kme/kme_ip", parentData: data5, parentDataProperty: "kme_ip", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate139.errors : vErrors.concat(validate139.errors), errors = vErrors.length));
            } else {
              const err17 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1") + "/kme", schemaPath: "#/additionalProperties/properties/kme/type", keyword: "type", params: { type: "object" } };
              vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
            }
          }
        } else {
          const err18 = { instancePath: instancePath + "/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/additionalProperties/type", keyword: "type", params: { type: "object" } };
          vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
        }
      }
    if (data.system !== void 0) {
      let data8 = data.system;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        for (const key4 in data8)
          if (!(key4 === "//" || key4 === "maxthreads" || key4 === "max_threads" || key4 === "event_options")) {
            const err19 = { instancePath: instancePath + "/system", schemaPath: "#/properties/system/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 } };
            vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
          }
        if (data8.maxthreads !== void 0) {
          let data9 = data8.maxthreads;
          if (!(typeof data9 == "number" && !(data9 % 1) && !isNaN(data9) && isFinite(data9))) {
            const err20 = { instancePath: instancePath + "/system/maxthreads", schemaPath: "#/properties/system/properties/maxthreads/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
          }
          if (typeof data9 == "number" && isFinite(data9)) {
            if (data9 > 1e3 || isNaN(data9)) {
              const err21 = { instancePath: instancePath + "/system/maxthreads", schemaPath: "#/properties/system/properties/maxthreads/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 } };
              vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
            }
            if (data9 < 1 || isNaN(data9)) {
              const err22 = { instancePath: instancePath + "/system/maxthreads", schemaPath: "#/properties/system/properties/maxthreads/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
              vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
            }
          }
        }
        if (data8.max_threads !== void 0) {
          let data10 = data8.max_threads;
          if (!(typeof data10 == "number" && !(data10 % 1) && !isNaN(data10) && isFinite(data10))) {
            const err23 = { instancePath: instancePath + "/system/max_threads", schemaPath: "#/properties/system/properties/max_threads/type", keyword: "type", params: { type: "integer" } };
            vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
          }
          if (typeof data10 == "number" && isFinite(data10)) {
            if (data10 > 1e3 || isNaN(data10)) {
              const err24 = { instancePath: instancePath + "/system/max_threads", schemaPath: "#/properties/system/properties/max_threads/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 } };
              vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
            }
            if (data10 < 1 || isNaN(data10)) {
              const err25 = { instancePath: instancePath + "/system/max_threads", schemaPath: "#/properties/system/properties/max_threads/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 } };
              vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
            }
          }
        }
        if (data8.event_options !== void 0) {
          let data11 = data8.event_options;
          if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
            for (const key5 in data11)
              if (!(key5 === "//" || key5 === "start_time")) {
                const err26 = { instancePath: instancePath + "/system/event_options", schemaPath: "#/properties/system/properties/event_options/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 } };
                vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
              }
            data11.start_time !== void 0 && (validate144(data11.start_time, { instancePath: instancePath + "/system/event_options/start_time", parentData: data11, parentDataProperty: "start_time", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate144.errors : vErrors.concat(validate144.errors), errors = vErrors.length));
          } else {
            const err27 = { instancePath: instancePath + "/system/event_options", schemaPath: "#/properties/system/properties/event_options/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
          }
        }
      } else {
        const err28 = { instancePath: instancePath + "/system", schemaPath: "#/properties/system/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
      }
    }
    if (data.paths !== void 0 && (validate146(data.paths, { instancePath: instancePath + "/paths", parentData: data, parentDataProperty: "paths", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate146.errors : vErrors.concat(validate146.errors), errors = vErrors.length)), data.secrets !== void 0 && (validate153(data.secrets, { instancePath: instancePath + "/secrets", parentData: data, parentDataProperty: "secrets", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate153.errors : vErrors.concat(validate153.errors), errors = vErrors.length)), data.CA_server !== void 0) {
      let data15 = data.CA_server;
      if (data15 && typeof data15 == "object" && !Array.isArray(data15)) {
        if (data15.c_a === void 0) {
          const err29 = { instancePath: instancePath + "/CA_server", schemaPath: "#/properties/CA_server/required", keyword: "required", params: { missingProperty: "c_a" } };
          vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
        }
        for (const key6 in data15)
          if (!func1.call(schema49.properties.CA_server.properties, key6)) {
            const err30 = { instancePath: instancePath + "/CA_server", schemaPath: "#/properties/CA_server/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 } };
            vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
          }
        if (data15.CA_cert !== void 0) {
          let data16 = data15.CA_cert;
          if (data16 && typeof data16 == "object" && !Array.isArray(data16)) {
            for (const key7 in data16)
              if (!(key7 === "//" || key7 === "fetch" || key7 === "generate")) {
                const err31 = { instancePath: instancePath + "/CA_server/CA_cert", schemaPath: "#/properties/CA_server/properties/CA_cert/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 } };
                vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
              }
            if (data16.fetch !== void 0 && typeof data16.fetch != "boolean") {
              const err32 = { instancePath: instancePath + "/CA_server/CA_cert/fetch", schemaPath: "#/properties/CA_server/properties/CA_cert/properties/fetch/type", keyword: "type", params: { type: "boolean" } };
              vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
            }
            if (data16.generate !== void 0 && typeof data16.generate != "boolean") {
              const err33 = { instancePath: instancePath + "/CA_server/CA_cert/generate", schemaPath: "#/properties/CA_server/properties/CA_cert/properties/generate/type", keyword: "type", params: { type: "boolean" } };
              vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
            }
          } else {
            const err34 = { instancePath: instancePath + "/CA_server/CA_cert", schemaPath: "#/properties/CA_server/properties/CA_cert/type", keyword: "type", params: { type: "object" } };
            vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
          }
        }
        data15.c_a !== void 0 && (validate162(data15.c_a, { instancePath: instancePath + "/CA_server/c_a", parentData: data15, parentDataProperty: "c_a", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate162.errors : vErrors.concat(validate162.errors), errors = vErrors.length)), data15.ca_server_ip !== void 0 && (validate139(data15.ca_server_ip, { instancePath: instancePath + "/CA_server/ca_server_ip", parentData: data15, parentDataProperty: "ca_server_ip", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate139.errors : vErrors.concat(validate139.errors), errors = vErrors.length)), data15.ca_user !== void 0 && (validate165(data15.ca_user, { instancePath: instancePath + "/CA_server/ca_user", parentData: data15, parentDataProperty: "ca_user", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate165.errors : vErrors.concat(validate165.errors), errors = vErrors.length)), data15.ca_pass !== void 0 && (validate167(data15.ca_pass, { instancePath: instancePath + "/CA_server/ca_pass", parentData: data15, parentDataProperty: "ca_pass", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate167.errors : vErrors.concat(validate167.errors), errors = vErrors.length)), data15.ca_pass_file !== void 0 && (validate169(data15.ca_pass_file, { instancePath: instancePath + "/CA_server/ca_pass_file", parentData: data15, parentDataProperty: "ca_pass_file", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate169.errors : vErrors.concat(validate169.errors), errors = vErrors.length)), data15.ca_pass_env !== void 0 && (validate171(data15.ca_pass_env, { instancePath: instancePath + "/CA_server/ca_pass_env", parentData: data15, parentDataProperty: "ca_pass_env", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate171.errors : vErrors.concat(validate171.errors), errors = vErrors.length)), data15.ca_path !== void 0 && (validate173(data15.ca_path, { instancePath: instancePath + "/CA_server/ca_path", parentData: data15, parentDataProperty: "ca_path", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate173.errors : vErrors.concat(validate173.errors), errors = vErrors.length)), data15.ca_cert_name !== void 0 && (validate175(data15.ca_cert_name, { instancePath: instancePath + "/CA_server/ca_cert_name", parentData: data15, parentDataProperty: "ca_cert_name", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate175.errors : vErrors.concat(validate175.errors), errors = vErrors.length)), data15.ca_key_name !== void 0 && (validate175(data15.ca_key_name, { instancePath: instancePath + "/CA_server/ca_key_name", parentData: data15, parentDataProperty: "ca_key_name", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate175.errors : vErrors.concat(validate175.errors), errors = vErrors.length));
      } else {
        const err35 = { instancePath: instancePath + "/CA_server", schemaPath: "#/properties/CA_server/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
      }
    }
    if (data.qkd_roles !== void 0) {
      let data28 = data.qkd_roles;
      if (data28 && typeof data28 == "object" && !Array.isArray(data28)) {
        if (data28.master === void 0) {
          const err36 = { instancePath: instancePath + "/qkd_roles", schemaPath: "#/properties/qkd_roles/required", keyword: "required", params: { missingProperty: "master" } };
          vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
        }
        if (data28.slave === void 0) {
          const err37 = { instancePath: instancePath + "/qkd_roles", schemaPath: "#/properties/qkd_roles/required", keyword: "required", params: { missingProperty: "slave" } };
          vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
        }
        for (const key8 in data28)
          if (!(key8 === "//" || key8 === "master" || key8 === "slave" || key8 === "additional_slave_SAE_IDs")) {
            const err38 = { instancePath: instancePath + "/qkd_roles", schemaPath: "#/properties/qkd_roles/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 } };
            vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
          }
        if (data28.master !== void 0 && (validate178(data28.master, { instancePath: instancePath + "/qkd_roles/master", parentData: data28, parentDataProperty: "master", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate178.errors : vErrors.concat(validate178.errors), errors = vErrors.length)), data28.slave !== void 0 && (validate178(data28.slave, { instancePath: instancePath + "/qkd_roles/slave", parentData: data28, parentDataProperty: "slave", rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate178.errors : vErrors.concat(validate178.errors), errors = vErrors.length)), data28.additional_slave_SAE_IDs !== void 0) {
          let data31 = data28.additional_slave_SAE_IDs;
          if (Array.isArray(data31)) {
            if (data31.length > 63) {
              const err39 = { instancePath: instancePath + "/qkd_roles/additional_slave_SAE_IDs", schemaPath: "#/properties/qkd_roles/properties/additional_slave_SAE_IDs/maxItems", keyword: "maxItems", params: { limit: 63 } };
              vErrors === null ? vErrors = [err39] : vErrors.push(err39), errors++;
            }
            const len1 = data31.length;
            for (let i1 = 0; i1 < len1; i1++)
              validate178(data31[i1], { instancePath: instancePath + "/qkd_roles/additional_slave_SAE_IDs/" + i1, parentData: data31, parentDataProperty: i1, rootData, dynamicAnchors }) || (vErrors = vErrors === null ? validate178.errors : vErrors.concat(validate178.errors), errors = vErrors.length);
          } else {
            const err40 = { instancePath: instancePath + "/qkd_roles/additional_slave_SAE_IDs", schemaPath: "#/properties/qkd_roles/properties/additional_slave_SAE_IDs/type", keyword: "type", params: { type: "array" } };
            vErrors === null ? vErrors = [err40] : vErrors.push(err40), errors++;
          }
        }
      } else {
        const err41 = { instancePath: instancePath + "/qkd_roles", schemaPath: "#/properties/qkd_roles/type", keyword: "type", params: { type: "object" } };
        vErrors === null ? vErrors = [err41] : vErrors.push(err41), errors++;
      }
    }
  } else {
    const err42 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" } };
    vErrors === null ? vErrors = [err42] : vErrors.push(err42), errors++;
  }
  return validate136.errors = vErrors, errors === 0;
}
validate136.evaluated = { props: !0, dynamicProps: !1, dynamicItems: !1 };
export {
  validateInventory,
  validateOriginalDictionary
};
