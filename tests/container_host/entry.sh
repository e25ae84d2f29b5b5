#!/bin/bash
# PID 1 of a container host: sshd, and the engine where the image has one. When the engine ends, so does the
# host. Bash stays PID 1 because it reaps what sshd, dockerd and a dockerd started later leave behind.
set -euo pipefail
trap 'kill $(jobs -p); exit 0' TERM INT

ssh-keygen -A > /run/ssh-keygen.log
install -d -m 0700 /root/.ssh
install -d -m 0755 /run/sshd
printf '%s\n' "$AUTHORIZED_KEY" > /root/.ssh/authorized_keys
chmod 0600 /root/.ssh/authorized_keys

/usr/sbin/sshd -D -e 2> /var/log/sshd.log &
if [ "${START_ENGINE:-0}" = 1 ]; then
    # A restarted container finds the pid files of its former life.
    rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid
    dockerd 2> /var/log/dockerd.log &
fi
wait -n
