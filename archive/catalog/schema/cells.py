"""The cells of the forms, in the forms' order: columns of the wide views and rows of pages."""

# Table III of both forms (国办公开办函〔2021〕30号, 〔2019〕60号): the rows of 2021 in order,
# with the one row that stands for three of them in 2019.
REQUEST_ROWS = (
    *("new_requests", "carried_over_in", "granted", "partially_granted"),
    *("denied_state_secret", "denied_law_prohibited", "denied_security_stability"),
    *("denied_third_party", "denied_internal_affairs", "denied_process_info"),
    *("denied_enforcement_file", "denied_admin_query"),
    *("unavailable_not_held", "unavailable_needs_creation", "unavailable_still_unclear"),
    *("rejected_petition_complaint", "rejected_duplicate", "rejected_public_publication"),
    *("rejected_excessive", "rejected_reconfirmation"),
    *("other_no_correction", "other_fee_unpaid", "other_other", "other_total"),
    *("handled_total", "carried_over_out"),
)
APPLICANTS = (
    *("natural_person", "business_enterprise", "research_institution", "public_welfare_org"),
    *("legal_service_org", "other_org", "total"),
)

REQUEST_CELLS = tuple((row, applicant) for row in REQUEST_ROWS for applicant in APPLICANTS)
# Table II: what is told of each item, in the form of 2021 and then in that of 2019.
_DOCUMENTS = ("issued", "repealed", "valid", "newly_made", "newly_disclosed", "total_disclosed")
_ITEMS = ("items_prev_year", "items_change")
DISCLOSURE_CELLS = tuple(
    (item, measure)
    for item, measures in {
        "regulations": _DOCUMENTS,
        "normative_docs": _DOCUMENTS,
        "admin_licensing": ("decisions", *_ITEMS),
        "other_services": ("decisions", *_ITEMS),
        "admin_penalty": ("decisions", *_ITEMS),
        "admin_coercion": ("decisions", *_ITEMS),
        "admin_fees": ("amount_10k_cny", *_ITEMS),
        "central_procurement": ("projects", "amount_10k_cny"),
    }.items()
    for measure in measures
)
CASE_CELLS = tuple(
    (route, outcome)
    for route in ("review", "litigation_direct", "litigation_after_review")
    for outcome in ("upheld", "corrected", "other", "pending", "total")
)
# Of Table III what regressions begin with: who asked, and every outcome in total.
PANEL_CELLS = tuple(cell for cell in REQUEST_CELLS if "new_requests" in cell or "total" in cell)
