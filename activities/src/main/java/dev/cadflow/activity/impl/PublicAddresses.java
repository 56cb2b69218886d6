package dev.cadflow.activity.impl;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Tells addresses of the public internet from those that lead into a private network or to this machine. */
final class PublicAddresses {
    private PublicAddresses() {}

    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublicV4(bytes) : isPublicV6(bytes);
    }

    /** Besides what Java knows: this network, shared (RFC 6598), protocol assignments, benchmarks and reserved. */
    private static boolean isPublicV4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean shared = first == 100 && (second & 0xc0) == 64;
        boolean assignments = first == 192 && second == 0 && (bytes[2] & 0xff) == 0;
        boolean benchmarks = first == 198 && (second & 0xfe) == 18;
        return first != 0 && first < 240 && !shared && !assignments && !benchmarks;
    }

    /** Global unicast (2000::/3) but for 6to4, which wraps an IPv4 address; so unique local and NAT64 are out too. */
    private static boolean isPublicV6(byte[] bytes) {
        boolean globalUnicast = (bytes[0] & 0xe0) == 0x20;
        boolean sixToFour = (bytes[0] & 0xff) == 0x20 && (bytes[1] & 0xff) == 0x02;
        return globalUnicast && !sixToFour;
    }
}
