"""The labels of the official forms as the test bed prints them.

国办公开办函〔2021〕30号 (``2021``) and 〔2019〕60号 (``2019``). Ids are those of the JSON contract.
"""

APPLICANTS = {
    "natural_person": "自然人",
    "business_enterprise": "商业企业",
    "research_institution": "科研机构",
    "public_welfare_org": "社会公益组织",
    "legal_service_org": "法律服务机构",
    "other_org": "其他",
    "total": "总计",
}
COLUMNS = tuple(APPLICANTS)
PARTS = COLUMNS[:-1]

_DENIED, _UNAVAILABLE = "（三）不予公开", "（四）无法提供"
_REJECTED, _OTHER = "（五）不予处理", "（六）其他处理"

# Row id, group ("" stands under 三、 without a group, None: outside of 三、), label.
REQUESTS_2021 = (
    ("new_requests", None, "一、本年新收政府信息公开申请数量"),
    ("carried_over_in", None, "二、上年结转政府信息公开申请数量"),
    ("granted", "", "（一）予以公开"),
    ("partially_granted", "", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("denied_state_secret", _DENIED, "1.属于国家秘密"),
    ("denied_law_prohibited", _DENIED, "2.其他法律行政法规禁止公开"),
    ("denied_security_stability", _DENIED, "3.危及“三安全一稳定”"),
    ("denied_third_party", _DENIED, "4.保护第三方合法权益"),
    ("denied_internal_affairs", _DENIED, "5.属于三类内部事务信息"),
    ("denied_process_info", _DENIED, "6.属于四类过程性信息"),
    ("denied_enforcement_file", _DENIED, "7.属于行政执法案卷"),
    ("denied_admin_query", _DENIED, "8.属于行政查询事项"),
    ("unavailable_not_held", _UNAVAILABLE, "1.本机关不掌握相关政府信息"),
    ("unavailable_needs_creation", _UNAVAILABLE, "2.没有现成信息需要另行制作"),
    ("unavailable_still_unclear", _UNAVAILABLE, "3.补正后申请内容仍不明确"),
    ("rejected_petition_complaint", _REJECTED, "1.信访举报投诉类申请"),
    ("rejected_duplicate", _REJECTED, "2.重复申请"),
    ("rejected_public_publication", _REJECTED, "3.要求提供公开出版物"),
    ("rejected_excessive", _REJECTED, "4.无正当理由大量反复申请"),
    ("rejected_reconfirmation", _REJECTED, "5.要求行政机关确认或重新出具已获取信息"),
    (
        "other_no_correction",
        _OTHER,
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    (
        "other_fee_unpaid",
        _OTHER,
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    ("other_other", _OTHER, "3.其他"),
    ("handled_total", "", "（七）总计"),
    ("carried_over_out", None, "四、结转下年度继续办理"),
)
REQUESTS_2019 = (
    *REQUESTS_2021[:20],
    ("other_total", "", "（六）其他处理"),
    *REQUESTS_2021[23:],
)
REQUESTS = {"2021": REQUESTS_2021, "2019": REQUESTS_2019}
RESULTS = "三、本年度办理结果"
CAPTION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANTS_HEADER = "申请人情况"
ORGANISATIONS = "法人或其他组织"

_ITEMS = {
    "items_prev_year": "上一年项目数量",
    "items_change": "本年增/减",
    "decisions": "处理决定数量",
}
_MADE = {
    "newly_made": "本年新制作数量",
    "newly_disclosed": "本年新公开数量",
    "total_disclosed": "对外公开总数量",
}
# Caption, column id -> header, row id -> label.
ACTIVE_2021 = (
    (
        "第二十条第（一）项",
        {"issued": "本年制发件数", "repealed": "本年废止件数", "valid": "现行有效件数"},
        {"regulations": "规章", "normative_docs": "行政规范性文件"},
    ),
    ("第二十条第（五）项", {"decisions": "本年处理决定数量"}, {"admin_licensing": "行政许可"}),
    (
        "第二十条第（六）项",
        {"decisions": "本年处理决定数量"},
        {"admin_penalty": "行政处罚", "admin_coercion": "行政强制"},
    ),
    (
        "第二十条第（八）项",
        {"amount_10k_cny": "本年收费金额（单位：万元）"},
        {"admin_fees": "行政事业性收费"},
    ),
)
ACTIVE_2019 = (
    ("第二十条第（一）项", _MADE, {"regulations": "规章", "normative_docs": "规范性文件"}),
    (
        "第二十条第（五）项",
        _ITEMS,
        {"admin_licensing": "行政许可", "other_services": "其他对外管理服务事项"},
    ),
    (
        "第二十条第（六）项",
        _ITEMS,
        {"admin_penalty": "行政处罚", "admin_coercion": "行政强制"},
    ),
    (
        "第二十条第（八）项",
        {key: _ITEMS[key] for key in ("items_prev_year", "items_change")},
        {"admin_fees": "行政事业性收费"},
    ),
    (
        "第二十条第（九）项",
        {"projects": "采购项目数量", "amount_10k_cny": "采购总金额"},
        {"central_procurement": "政府集中采购"},
    ),
)
ACTIVE = {"2021": ACTIVE_2021, "2019": ACTIVE_2019}
CONTENT = "信息内容"

OUTCOMES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}
ROUTES = {
    "review": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_review": "复议后起诉",
}
LITIGATION = "行政诉讼"

# Section key -> headings as offices write them; the first is that of the form.
HEADINGS = {
    "overview": ("总体情况", "工作总体情况", "基本情况"),
    "active_disclosure": (
        "主动公开政府信息情况",
        "行政机关主动公开政府信息情况",
        "主动公开政府信息的情况",
        "主动公开信息情况",
    ),
    "requests": (
        "收到和处理政府信息公开申请情况",
        "行政机关收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请的情况",
    ),
    "review_litigation": (
        "政府信息公开行政复议、行政诉讼情况",
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "政府信息公开行政复议和行政诉讼情况",
        "政府信息公开行政复议、提起行政诉讼情况",
    ),
    "problems_improvements": (
        "存在的主要问题及改进情况",
        "政府信息公开工作存在的主要问题及改进情况",
        "存在的主要问题和改进情况",
        "存在问题及改进情况",
        "存在的主要问题及改进措施",
    ),
    "other_matters": ("其他需要报告的事项", "需要报告的其他事项", "其他需要报告事项"),
}
SECTIONS = tuple(HEADINGS)
TABLES = ("active_disclosure", "requests", "review_litigation")
