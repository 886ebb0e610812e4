"""What may not be fetched is refused in every notation, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.crawl.doors import ForbiddenAddressError, check_address, check_url, literal

SHUT = (
    "http://127.0.0.1/",
    "http://127.8.9.1:8080/x",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://127.0.0.1./",
    "http://１２７.０.０.１/",
    "http://user:pass@127.0.0.1/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://metadata.google.internal/",
    "http://printer.local/",
    "http:///nohost",
)
OPEN = (
    "http://www.puershi.gov.cn/",
    "https://www.yunfu.gov.cn:8443/a?b=http://127.0.0.1/",
    "http://中国.cn/",
    "http://mylocalhost.cn/",
    "http://local.gov.cn/",
    "http://202.98.160.68/",
    "http://[2400:3200::1]/",
)


@pytest.mark.parametrize("url", SHUT)
def test_a_way_into_the_own_network_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        check_url(url)


@pytest.mark.parametrize("url", OPEN)
def test_the_public_internet_is_open(url: str) -> None:
    name = check_url(url)
    assert name is None or name in url


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "fe80::1"])
def test_an_answer_of_the_resolver_is_held_to_the_same(address: str) -> None:
    with pytest.raises(ForbiddenAddressError, match="not on the internet"):
        check_address(address, "http://www.example.cn/")


@given(st.ip_addresses(v=4))
def test_every_notation_of_an_address_is_the_same_address(address: object) -> None:
    number = int(address)  # type: ignore[call-overload]
    a, b, c, d = number.to_bytes(4, "big")
    forms = (
        f"{number}",
        f"{number:#x}",
        f"0{number:o}",
        f"{a}.{b}.{c * 256 + d}",
        f"{a:#x}.{b}.{c}.0{d:o}",
        f"::ffff:{address}",
    )
    found = [literal(form) for form in forms]
    assert [getattr(one, "ipv4_mapped", None) or one for one in found] == [address] * len(forms)
