"""Words that stand around the figures of a report, shared by the rules that read them.

Precision before recall: a rule names every word that may stand in a clause beside its figure. One
unknown word (网上, 信函, 败诉, 投诉, 平均) and the clause is not understood, and nothing is said.
Patterns are matched against clauses with marks for figures (see ``counts``); repetitions of words
are possessive, the longest word first, so that matching takes linear time.
"""

import re

TIME = (
    r"(?:截至|截止|至)?\d{4}年(?:度|全年|1月1日起?至(?:\d{4}年)?12月31日(?:止|期间)?|12月31日止?)?"
    r"|[本当今全]年[度内来]?|年度内?|年内|本?报告期[内间]?|期间"
)
MODAL = (
    r"一共|总共|共计|累计|合计|总计|共|总|已|均|都|全部|依法|依规|依申请|按时|按期|及时|按规定|按要求"
    r"|其中|含|包括|另外?|还|实际"
)
LEAD = re.compile(rf"(?:{TIME}|{MODAL}|以来|新|,)*+")
"""Words before the verb that do not say whose figures these are."""
TRAIL = re.compile(rf"(?:{TIME}|依法|依规|主动|一?共|总共|累计|新|合计|,)+$")
"""Words between a subject and its verb."""
WHO = r"(?P<who>.{0,40}?)"
"""All that stands before the words of a rule: see ``speech.whose``."""

OBJECT = (
    r"公民、?法人(?:和|或|及其?|或者|与|、)其[他它]组织|公民|法人|自然人及|其[他它]组织|申请人|人民群众"
    r"|群众|社会公众|公众|社会|各类|各种|有效|书面|全部|的|关于|有关|相关|对应|要求|需要|请求|获取|提出"
    r"|提交|递交|公开政府信息|政府信息公开|信息公开|公开信息"
    r"|向[^,#$%~]{2,24}?(?:提出的?|提交的?|递交的?|申请公开|申请)"
    r"|(?:[针針]对|涉及)[^,#$%~]{2,16}?(?=政府信息|信息公开|的申请)"
    r"|依申请公开|公开申请|申请公开|申请表|依申请|申请件|申请|政府|政务|信息|公开|事项|事务|数量|总数"
    r"|总量|件数|数|量|案件|办件|来件|来函|件|工作|共计|总计|合计|累计|共|计|为|有|达到?|是|了|和|及|、"
    r"|并|类|材料|新|办理|受理|回复|答复"
)
"""What is received and handled: a request for information, in the words for it."""
TAIL = (
    r"(?:$|(?:已|均|且|都|全部|并|按时|按期|及时|依法|主要|同比|较|比|与|占|增长|增加|减少|下降).*"
    r"|[\"”』].{0,4}$)"
)
"""What may follow a figure in its clause: comparisons and how it was done do not change it."""

ABOUT_DISCLOSURE = re.compile(r"信息公开|公开.{0,6}信息|依申请|公开申请|申请公开|政府信息")
PART = re.compile(
    r"办公室|办公厅|政府办|本级|各部门|各单位|[市区县]直|乡镇|镇街|街道|各[镇乡局委]|[市区县]级部门"
    r"|开发区|指挥部|分局"
)
"""Bodies that may be only a part of the issuer."""
WHOLE = re.compile(
    r"(?:[全我本](?:[省市区县州盟旗镇乡街办局委厅院处队会馆站社校所]|街道|中心|系统|机关|单位|部门"
    r"|公司|管委会|开发区)|各级)"
    r"(?:各级(?:行政机关|各部门|政府)|(?:政府)?系统|各地?各?部门|上下|范围内?|各?行政机关)?"
)
"""A subject that is the issuer itself, or the area it stands for."""
AREA = re.compile(r"[全我本](?:[省市区县州盟旗镇乡]|街道?)|各级")
"""The area: what a bureau says of it is not said of the bureau."""
OWN_OFFICE = re.compile(r"[我本](?:办|局|厅|室|委|机关)")
"""In the report of an area: the office that writes it."""
OTHER_TOPIC = re.compile(
    r"留言|热线|信箱|咨询|信访(?!举报投诉类)|来信|来访|来电|建议|提案|问政|微信|微博|公众号|稿件|培训"
    r"|会议|解读|主动公开|发布|意见|投稿"
)
"""Other things that are counted, answered and settled."""
COMPARED = re.compile(r"同比|环比|较|比(?:上|去|\d)|相比|增长|增加|减少|下降|上升|占")
OTHER_YEARS = re.compile(r"去年|上一?年|往年|近[三五两几\d]年|历年|以来累计|[上下]半年|季度")
THIS_YEAR = re.compile(r"今年|本年|全年")
