var siteInfo = { siteGuid: "{{ guid }}", projectName: "/{{ web }}" };
var siteGuid = "{{ guid }}";
var projectName = "{{ web }}";
