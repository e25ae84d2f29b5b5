"""The GraphQL documents for a Projects v2 board; the tests hold them against GitHub's published schema."""

from __future__ import annotations

from collections.abc import Sequence

PROJECT = """
query Project($owner: String!, $number: Int!) {
  repositoryOwner(login: $owner) {
    ... on ProjectV2Owner {
      projectV2(number: $number) {
        id
        closed
        fields(first: 100) {
          nodes {
            ... on ProjectV2FieldCommon { id name dataType }
            ... on ProjectV2SingleSelectField { options { id name } }
          }
        }
      }
    }
  }
}
"""

ADD_ITEM = """
mutation AddItem($project: ID!, $content: ID!) {
  addProjectV2ItemById(input: {projectId: $project, contentId: $content}) { item { id } }
}
"""

CREATE_FIELD = """
mutation CreateField($project: ID!, $name: String!, $type: ProjectV2CustomFieldType!) {
  createProjectV2Field(input: {projectId: $project, name: $name, dataType: $type}) {
    projectV2Field { ... on ProjectV2FieldCommon { id name dataType } }
  }
}
"""


CARDS = """
query Cards($issues: [ID!]!) {
  nodes(ids: $issues) {
    ... on Issue { projectItems(first: 20, includeArchived: false) { nodes { id project { id } } } }
  }
}
"""


def archive(cards: int) -> str:
    """Return one mutation that archives `cards` cards: variables i0 i1 …"""
    arguments = ["$project: ID!", *(f"$i{at}: ID!" for at in range(cards))]
    steps = [
        f"  a{at}: archiveProjectV2Item(input: {{projectId: $project, itemId: $i{at}}}) {{ item {{ id }} }}"
        for at in range(cards)
    ]
    return _joined("mutation Archive", arguments, steps)


def set_fields(values: int, cleared: int) -> str:
    """Return one mutation that sets `values` fields and clears `cleared`: variables f0 v0 f1 v1 …, c0 c1 …"""
    arguments = ["$project: ID!", "$item: ID!"]
    arguments += [f"$f{at}: ID!, $v{at}: ProjectV2FieldValue!" for at in range(values)]
    arguments += [f"$c{at}: ID!" for at in range(cleared)]
    where = "projectId: $project, itemId: $item"
    steps = [
        f"  s{at}: updateProjectV2ItemFieldValue(input: {{{where}, fieldId: $f{at}, value: $v{at}}})"
        " { projectV2Item { id } }"
        for at in range(values)
    ]
    steps += [
        f"  e{at}: clearProjectV2ItemFieldValue(input: {{{where}, fieldId: $c{at}}}) {{ projectV2Item {{ id }} }}"
        for at in range(cleared)
    ]
    return _joined("mutation SetFields", arguments, steps)


def _joined(name: str, arguments: Sequence[str], steps: Sequence[str]) -> str:
    return f"{name}({', '.join(arguments)}) {{\n" + "\n".join(steps) + "\n}\n"
