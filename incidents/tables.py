"""The contract: every published table and column, declared once.

From here come the Parquet schemas, the DDL and comments of incidents.duckdb, the checks before a release and the
data dictionary. Rules that hold everywhere: a table's first column is its key; `*_at` is a UTC timestamp, `*_on` a
local date at the place concerned (the publisher's for `published_on`); a date stored with a precision coarser than
a day is the first day of its period.
"""

from incidents.extract.contract import QUOTE_LIMIT
from incidents.schema import Column, Table, Type

SCHEMA_VERSION = "0.3.0"
UNSAID = ("none", "other", "reported", "unknown")  # codes that no sentence can say


def _key(name: str, description: str, pattern: str | None = None) -> Column:
    return Column(name, "text", description, required=True, pattern=pattern)


def _text(name: str, description: str, required: bool = False, **rules: object) -> Column:
    return Column(name, "text", description, required=required, **rules)  # type: ignore[arg-type]


def _code(name: str, vocabulary: str, description: str, required: bool = False) -> Column:
    return Column(name, "text", description, required=required, vocabulary=vocabulary)


def _ref(name: str, table: str, description: str, required: bool = False) -> Column:
    return Column(name, "text", description, required=required, references=table)


def _of(kind: Type, name: str, description: str, required: bool = False, **rules: object) -> Column:
    return Column(name, kind, description, required=required, **rules)  # type: ignore[arg-type]


def _share(name: str, description: str, required: bool = False) -> Column:
    return Column(name, "number", description, required=required, minimum=0, maximum=1)


INCIDENT_ID = r"FRI-[0-9A-HJKMNP-TV-Z]{8}"

TABLES: tuple[Table, ...] = (
    Table(
        "incidents",
        "A real-world event on face recognition; only live rows.",
        (
            _key("incident_id", "Stable id, FRI- and 8 base-32 characters, never reused", INCIDENT_ID),
            _code(
                "record_class",
                "record_class",
                "incident: a concrete use, failure or breach with somebody harmed, put at risk "
                "or refused; or policy_event, deployment, study, aggregate_report",
                True,
            ),
            _code("incident_type", "event_type", "What happened, one code of the event vocabulary", True),
            _text("title", "A short title in our own words, made from the coded values", True),
            _of("date", "event_on_start", "First day on which the event may have happened"),
            _of("date", "event_on_end", "Last day on which the event may have happened"),
            _code("date_precision", "date_precision", "How exact event_on_start and event_on_end are", True),
            _code("date_basis", "date_basis", "What the date rests on; publication is the last fallback", True),
            _of("date", "first_reported_on", "Publication date of the first article about it"),
            _of("date", "last_reported_on", "Publication date of the last article about it"),
            _ref("place_id", "places", "Where it happened"),
            _code("technology_task", "technology_task", "What the system was used to do"),
            _code(
                "frt_involvement",
                "frt_involvement",
                "Whether face recognition was involved at all, apart from the harm",
                True,
            ),
            _code("deployment_context", "deployment_context", "The setting in which the system was used"),
            _code("allegation_status", "allegation_status", "The stage reached: alleged, found, admitted...", True),
            _code("legal_status", "legal_status", "The last legal step known"),
            _of("integer", "affected_min", "Fewest people affected, as stated by a source", minimum=0),
            _of("integer", "affected_max", "Most people affected, as stated by a source", minimum=0),
            _of("integer", "article_count", "Articles that report it, copies included", True, minimum=1),
            _of("integer", "publisher_count", "Independent publishers: a wire story counts once", True, minimum=1),
            _share("confidence", "From independent publishers, agreement and the kind of source", True),
            _code("review_level", "review_level", "machine, or who has looked at it", True),
        ),
    ),
    Table(
        "id_redirects",
        "An incident id that no longer stands.",
        (
            _key("id_redirect_id", "A hash of the old id and the release"),
            _text("old_id", "The id that no longer stands", True, pattern=INCIDENT_ID),
            _ref("new_id", "incidents", "The id to use instead; empty for a withdrawn one"),
            _code("reason", "redirect_reason", "merge, split or withdrawn", True),
            _text("release", "The release in which it changed", True),
        ),
    ),
    Table(
        "articles",
        "A news article. Its text is not published.",
        (
            _key("article_id", "A hash of the canonical address"),
            _text(
                "url", "Canonical address; the article_id where the address itself would name a withheld person", True
            ),
            _text("publisher", "Publisher's name as the page gives it, else its host"),
            _text("title", "Headline, under the name policy"),
            _text("authors", "Authors as the page gives them, separated by '; '"),
            _text("language", "ISO 639-1 code of the text", pattern=r"[a-z]{2,3}|und"),
            _of("date", "published_on", "The publisher's local date"),
            _of("timestamp", "published_at", "Time of publication, where the page gives one"),
            _code("published_precision", "date_precision", "How exact published_on is", True),
            _text("source", "The source that led to it: an id of sources.yaml, or inbox for a user's own input", True),
            _of("integer", "word_count", "Words in the text", True, minimum=0),
            _share("relevance", "How sure it is that the article concerns face recognition in our sense", True),
            _code("kind", "article_kind", "What kind of article it is", True),
            _text("story_id", "The story (articles on one piece of news) it belongs to"),
            _ref("copy_of", "articles", "The original of which it is a copy"),
            _code("copy_kind", "copy_kind", "exact or near copy; empty for an original"),
            _of("timestamp", "corrected_at", "When a correction was seen on the page; empty for none"),
        ),
    ),
    Table(
        "article_revisions",
        "One fetched text of an article.",
        (
            _key("revision_id", "A hash of the article and its text"),
            _ref("article_id", "articles", "The article", True),
            _of("timestamp", "fetched_at", "When this text was first fetched", True),
            _text("text_sha256", "SHA-256 of the text as read", True, pattern=r"[0-9a-f]{64}"),
            _text("reader_version", "Version of the reader that made the text", True),
            _text("archive_file", "Web archive file, relative to the data folder", True),
            _of("integer", "archive_offset", "Byte offset of the record in that file", True, minimum=0),
        ),
    ),
    Table(
        "article_urls",
        "An address at which an article was seen.",
        (
            _key("article_url_id", "A hash of the address and the article"),
            _text("url", "The address; the article_id where it would name a withheld person", True),
            _ref("article_id", "articles", "The article", True),
            _code("relation", "url_relation", "canonical, amp, redirect or tracking", True),
        ),
    ),
    Table(
        "incident_articles",
        "An article about an incident. An article has at most one row with relation reports or follow_up.",
        (
            _key("incident_article_id", "A hash of both ids"),
            _ref("incident_id", "incidents", "The incident", True),
            _ref("article_id", "articles", "The article", True),
            _code("relation", "article_relation", "reports, follow_up, mentions or lists", True),
            _code("method", "link_method", "What joined them: founding, story, keys, judgement or background", True),
            _share("score", "How sure the link is", True),
        ),
    ),
    Table(
        "organizations",
        "A vendor, police agency, retailer, regulator or other body.",
        (
            _key(
                "organization_id",
                "Stable id from the reference data, or org- and a hash for one found in the text only",
            ),
            _text("name", "Canonical name", True),
            _code("kind", "organization_kind", "What it is", True),
            _text("country", "ISO 3166-1 alpha-2 code", pattern=r"[A-Z]{2}"),
            _text("region", "State, province or nation"),
            _text("wikidata_qid", "Wikidata item, where seen", pattern=r"Q[0-9]+"),
            _text("ori_code", "US Originating Agency Identifier", pattern=r"[A-Z]{2}[A-Z0-9]{5,7}"),
            _ref("parent_id", "organizations", "The body it belongs to"),
        ),
    ),
    Table(
        "organization_aliases",
        "Another name of an organization.",
        (
            _key("organization_alias_id", "A hash of the organization and the name"),
            _ref("organization_id", "organizations", "The organization", True),
            _text("alias", "The other name", True),
            _code("alias_kind", "alias_kind", "alias, former_name, acronym or as_written", True),
        ),
    ),
    Table(
        "products",
        "A face recognition product.",
        (
            _key("product_id", "Stable id from the reference data"),
            _text("name", "Canonical name", True),
            _ref("vendor_id", "organizations", "Who makes it"),
            _code("kind", "product_kind", "What kind of product it is", True),
        ),
    ),
    Table(
        "incident_organizations",
        "An organization's part in an incident. Who made it, sold it, ran the search and acted on it are different.",
        (
            _key("incident_organization_id", "A hash of incident, organization, role and product"),
            _ref("incident_id", "incidents", "The incident", True),
            _ref("organization_id", "organizations", "The organization", True),
            _code("role", "organization_role", "Its part", True),
            _ref("product_id", "products", "The product concerned"),
            _share("confidence", "How sure it is", True),
        ),
    ),
    Table(
        "affected_parties",
        "A person or group affected.",
        (
            _key("affected_party_id", "A hash of the incident and the party"),
            _ref("incident_id", "incidents", "The incident", True),
            _text("person_id", "Opaque id of a person, the same in all incidents; empty for a group"),
            _code("party_kind", "party_kind", "person or group", True),
            _text("display_label", "The name where the policy allows one, else a description", True),
            _code("name_policy", "name_policy", "Why the name is shown or withheld", True),
            _of("integer", "count", "People meant, as stated", minimum=0),
            _code("age_band", "age_band", "As stated by a source"),
            _code("gender", "gender", "As stated by a source"),
            _code("race_ethnicity", "race_ethnicity", "As stated by a source, never inferred"),
            _code("demographic_basis", "demographic_basis", "Where the three before come from"),
        ),
    ),
    Table(
        "incident_events",
        "A dated step in an incident's life. Status is this history.",
        (
            _key("incident_event_id", "A hash of incident, type, date and organization"),
            _ref("incident_id", "incidents", "The incident", True),
            _code("event_type", "event_type", "What happened", True),
            _of("date", "event_on", "Day, or first day of the period, on which it happened"),
            _code("date_precision", "date_precision", "How exact event_on is", True),
            _code("date_basis", "date_basis", "What the date rests on", True),
            _ref("organization_id", "organizations", "Who did it"),
            _of("number", "amount", "Money concerned, in units of currency", minimum=0),
            _text("currency", "ISO 4217 code", pattern=r"[A-Z]{3}"),
            _code("amount_kind", "amount_kind", "What the money is"),
        ),
    ),
    Table(
        "proceedings",
        "A court's or regulator's case.",
        (
            _key("proceeding_id", "A hash of the incident, the court and the docket"),
            _ref("incident_id", "incidents", "The incident", True),
            _text("court", "Court or authority, as named"),
            _text("docket", "Docket or file number, as written"),
            _text("parties", "Parties, under the name policy"),
            _code("status", "legal_status", "The last step known"),
        ),
    ),
    Table(
        "incident_tags",
        "A coded value that can repeat.",
        (
            _key("incident_tag_id", "A hash of incident, vocabulary and code"),
            _ref("incident_id", "incidents", "The incident", True),
            _text("vocabulary", "harm_type or failure_mode", True, pattern="harm_type|failure_mode"),
            _text("code", "The code", True),
        ),
    ),
    Table(
        "places",
        "A place.",
        (
            _key("place_id", "geonames-<id>, or place- and a hash of its name, region and country"),
            _text("name", "Name", True),
            _text("region", "State, province or nation"),
            _text("country", "ISO 3166-1 alpha-2 code", pattern=r"[A-Z]{2}"),
            _of("number", "latitude", "Degrees north", minimum=-90, maximum=90),
            _of("number", "longitude", "Degrees east", minimum=-180, maximum=180),
            _code("precision", "place_precision", "What the coordinates stand for", True),
            _of("integer", "geonames_id", "GeoNames id", minimum=1),
        ),
    ),
    Table(
        "evidence",
        "One sentence behind one published value.",
        (
            _key("evidence_id", "A hash of the value and the place in the text"),
            _text("table_name", "The table of the value", True),
            _text("row_id", "The key of its row", True),
            _text("field", "Its column", True),
            _text("value", "The value this sentence supports", True),
            _ref("revision_id", "article_revisions", "The text", True),
            _text("part", "Whether it stands in the text or in the title", True, pattern="text|title"),
            _of("integer", "char_start", "First character of the mention in that part", True, minimum=0),
            _of("integer", "char_end", "Character after the last", True, minimum=0),
            _text("quote", "The sentence, or the part around the mention", True, minimum=1, maximum=QUOTE_LIMIT),
            _text("language", "ISO 639-1 code of the quote", True),
            _text("extractor", "The rule or component that found it", True),
            _text("extractor_version", "Version of the extraction", True),
            _share("score", "How sure the extractor is", True),
            _of(
                "boolean",
                "selected",
                "Whether it stands behind the published value; else it conflicts, or is less sure",
                True,
            ),
        ),
    ),
    Table(
        "incident_links",
        "Two incidents that belong together.",
        (
            _key("incident_link_id", "A hash of both ids and the type"),
            _ref("from_id", "incidents", "The incident", True),
            _ref("to_id", "incidents", "The other", True),
            _code("link_type", "incident_link_type", "How they belong together", True),
        ),
    ),
    Table(
        "external_ids",
        "The same thing elsewhere.",
        (
            _key("external_row_id", "A hash of the row, the scheme and the id"),
            _text("table_name", "The table of our row", True),
            _text("row_id", "The key of our row", True),
            _code("scheme", "external_scheme", "Whose id it is", True),
            _text("external_id", "Their id", True),
        ),
    ),
    Table(
        "vocabulary",
        "A code and what it means.",
        (
            _key("vocabulary_id", "Vocabulary and code, joined by a slash"),
            _text("vocabulary", "The vocabulary", True),
            _text("code", "The code", True),
            _text("definition", "What it means and what it includes", True),
            _text("example", "An example"),
        ),
    ),
    Table(
        "crosswalk",
        "Our field beside the fields of other schemes.",
        (
            _key("crosswalk_id", "A hash of our field and the scheme"),
            _text("our_field", "Our table or column", True),
            _text("scheme", "The other scheme", True),
            _text("their_field", "Its field or code", True),
        ),
    ),
    Table(
        "quality",
        "A figure on the quality and coverage of this release.",
        (
            _key("quality_id", "A hash of the figure and its scope"),
            _text("figure", "What was counted or measured", True),
            _text("scope", "What it is cut by: all, country, language, source_group, or labelled_news", True),
            _text("scope_value", "The country, language or group; empty where there is no cut"),
            _of("number", "value", "A number of rows; a share from 0 to 1 where the name ends in _share", True),
            _of("number", "low", "Lower end of the 95% interval, where the figure is an estimate"),
            _of("number", "high", "Upper end of the 95% interval"),
            _text("basis", "How it was measured", True),
            _of("date", "measured_on", "When it was measured; empty for what is counted in this release"),
        ),
    ),
    Table(
        "changes",
        "A row that differs from the last release.",
        (
            _key("change_id", "A hash of table, row and field"),
            _text("table_name", "The table", True),
            _text("row_id", "The key of the row", True),
            _code("change", "change_kind", "added, removed or changed", True),
            _text("field", "The column, for a changed value"),
            _text("old_value", "The value in the last release"),
            _text("new_value", "The value in this one"),
            _text("reason", "Why, where a decision or redirect says so"),
        ),
    ),
    Table(
        "release",
        "This release: one row.",
        (
            _key(
                "release_id",
                "The version: yyyy-mm-dd, with .N for a later one of the same day",
                r"\d{4}-\d{2}-\d{2}(\.\d+)?",
            ),
            _text("schema_version", "Version of this contract, semver", True),
            _of("timestamp", "built_at", "When it was built, or SOURCE_DATE_EPOCH", True),
            _text("code_commit", "Commit of the code; empty outside a checkout"),
            _of("boolean", "is_sample", "Made from the bundled sample, whose articles are invented", True),
            _text("model", "Language model", True),
            _text("model_version", "Its version", True),
            _text("reader_version", "Version of the reader", True),
            _text("extractor_version", "Version of the extraction", True),
            _text("linker_version", "Version of the linking", True),
            _text("row_counts", "Rows of each table, as a JSON object", True),
            _text("quality", "Quality figures, as a JSON object", True),
        ),
    ),
)

# The columns whose every value, unknown and none apart, must have a sentence behind it.
EVIDENCED = {
    "incidents": (
        "record_class",
        "incident_type",
        "event_on_start",
        "place_id",
        "technology_task",
        "frt_involvement",
        "deployment_context",
        "allegation_status",
        "legal_status",
        "affected_min",
        "affected_max",
    ),
    "incident_organizations": ("organization_id", "role", "product_id"),
    "affected_parties": ("display_label", "age_band", "gender", "race_ethnicity"),
    "incident_events": ("event_type", "event_on", "organization_id", "amount"),
    "incident_tags": ("code",),
    "proceedings": ("docket",),
}

BY_NAME = {table.name: table for table in TABLES}
